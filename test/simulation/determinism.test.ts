import { expect, test } from '@jest/globals';
import { buildCluster } from '../contracts/cluster-by-hand.ts';
import { simulatedBench } from './simulated-bench.ts';

test('the same seed gives the same world to the last detail, another seed another', async () => {
  const [once, again, other] = [await lived(1), await lived(1), await lived(2)];
  expect(again).toBe(once);
  expect(other).not.toBe(once);
});

test('a world at speed 10 does the same in a tenth of the time', async () => {
  const usual = simulatedBench({ hosts: 2 });
  const fast = simulatedBench({ hosts: 2, speed: 10 });
  for (const bench of [usual, fast]) await bench.drive(buildCluster(bench, 1));
  const ratio = usual.clock.nowMs() / fast.clock.nowMs();
  expect(ratio).toBeGreaterThan(5);
  expect(nodesOf(fast)).toEqual(nodesOf(usual));
});

async function lived(seed: number): Promise<string> {
  const bench = simulatedBench({ hosts: 4, seed });
  await bench.drive(buildCluster(bench, 3));
  bench.world.powerOff('n2');
  await bench.clock.advance(100_000);
  const { journal, clusters } = bench.world.state;
  return JSON.stringify([journal, [...clusters.values()], bench.clock.nowMs()]);
}

function nodesOf({ world }: ReturnType<typeof simulatedBench>) {
  const [cluster] = world.state.clusters.values();
  return [...(cluster?.nodes.values() ?? [])];
}
