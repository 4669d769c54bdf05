import { describe, expect, jest, test } from '@jest/globals';
import { type BenchOptions, NEW, type UpkeepBench, upkeepBench } from './upkeep-bench.ts';

jest.setTimeout(240_000);

const resultOf = ({ journal, breaches, store }: UpkeepBench) => ({
  journal: journal.toSorted(),
  breaches,
  orders: store.list('order').length,
  rollouts: store.list('progress').map(({ key, value }) => `${key} ${value.state}`),
  parts: store.list('upkeep').map(({ value }) => value.parts),
});

describe('a leader that dies between any two writes', () => {
  test.each<BenchOptions>([
    { controlPlanes: 1, workers: 1 },
    { controlPlanes: 3, workers: 0 },
  ])(
    'leaves the rest to the next one, which does no step twice: $controlPlanes + $workers',
    async (size) => {
      const run = async (after: number) => {
        const bench = await upkeepBench(size);
        await bench.edit({ kubernetesVersion: NEW });
        bench.killAfter(after);
        await bench.rest();
        return { writes: bench.writes(), result: resultOf(bench) };
      };
      const undisturbed = await run(Number.POSITIVE_INFINITY);
      expect(undisturbed.writes).toBeGreaterThan(20);
      expect(undisturbed.result).toMatchObject({ breaches: [], orders: 0 });
      for (let writes = 0; writes < undisturbed.writes; writes += 1) {
        const { result } = await run(writes);
        expect({ writes, result }).toEqual({ writes, result: undisturbed.result });
      }
    },
  );
});
