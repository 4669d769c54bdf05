import { afterAll, describe, expect, test } from '@jest/globals';
import { startWholeCluster, type WholeClusterOptions } from '../../support/whole-cluster.ts';
import { factsOf, startsOf, wholeFacts } from '../../support/whole-cluster-facts.ts';
import { createTimes } from '../../support/whole-cluster-times.ts';
import { untilTidy, untilWhole } from '../../support/whole-cluster-wait.ts';
import { regressionsOf } from './regressions.ts';

const TIMEOUT_MS = 120_000;
const SEEDS = [1, 2];

const times = createTimes('formation');
afterAll(times.print);

/** Lets a cluster form, and expects of it everything that makes one whole. */
async function form(options: WholeClusterOptions) {
  const cluster = startWholeCluster(options);
  await times.measure(`nodes ${options.nodes}, seed ${options.seed}`, () => untilWhole(cluster));
  const wholeAtMs = cluster.clock.nowMs();
  await untilTidy(cluster);
  cluster.end();
  expect(factsOf(cluster)).toEqual(wholeFacts(cluster));
  return { cluster, wholeAtMs };
}

function controlPlanesOf({ cluster }: Awaited<ReturnType<typeof form>>): number {
  return factsOf(cluster).members.length;
}

describe('empty machines with one token', () => {
  test.each([
    { nodes: 1, controlPlanes: 1 as const, withinMs: 15_000 },
    { nodes: 3, controlPlanes: 3 as const, withinMs: 35_000 },
    { nodes: 5, controlPlanes: 3 as const, withinMs: 35_000 },
    { nodes: 7, controlPlanes: 3 as const, withinMs: 35_000 },
  ])(
    'become one whole cluster: $nodes of them, $controlPlanes control planes',
    async ({ nodes, controlPlanes, withinMs }) => {
      for (const seed of SEEDS) {
        const formed = await form({ nodes, seed, spec: { controlPlanes } });
        expect(controlPlanesOf(formed)).toBe(controlPlanes);
        expect(formed.wholeAtMs).toBeLessThan(withinMs);
      }
    },
    TIMEOUT_MS,
  );

  test(
    'go through no kubeadm twice and through no reset when nothing fails',
    async () => {
      const { cluster } = await form({ nodes: 5, seed: 11 });
      const { journal } = cluster.world.state;
      const names = cluster.agents.map(({ hostname }) => hostname);
      expect([...startsOf(journal, / kubeadm (init|join) /)].sort()).toEqual(names);
      expect(startsOf(journal, / kubeadm reset /)).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'become the whole cluster of the size that was asked for, the others stand by',
    async () => {
      const formed = await form({ nodes: 5, seed: 1, spec: { size: 4 } });
      expect(controlPlanesOf(formed)).toBe(3);
      expect(factsOf(formed.cluster).nodes).toHaveLength(4);
    },
    TIMEOUT_MS,
  );

  test(
    'are whole soon after the last of them was switched on',
    async () => {
      for (const seed of SEEDS) {
        const { wholeAtMs } = await form({ nodes: 5, seed, startWithinMs: 20_000 });
        expect(wholeAtMs).toBeLessThan(60_000);
      }
    },
    TIMEOUT_MS,
  );

  test.each(regressionsOf('formation'))(
    'become one whole cluster where once they did not: $nodes of them, seed $seed',
    async ({ nodes, seed }) => {
      const controlPlanes = nodes < 3 ? 1 : 3;
      const { wholeAtMs } = await form({ nodes, seed, spec: { controlPlanes } });
      expect(wholeAtMs).toBeLessThan(35_000);
    },
    TIMEOUT_MS,
  );
});
