import { describe, expect, test } from '@jest/globals';
import { createSeededRandom } from '../../../src/simulation/seeded-random.ts';
import { startWholeCluster, type WholeCluster } from '../../support/whole-cluster.ts';
import { factsOf, startsOf, wholeFacts } from '../../support/whole-cluster-facts.ts';
import { revisionsOf, untilTidy, untilWhole } from '../../support/whole-cluster-wait.ts';

const TIMEOUT_MS = 120_000;
const ONE_MINUTE_MS = 60_000;
/** All that the log says of nodes; only who leads may change. */
const LASTING = ['spec', 'node', 'liveness', 'assignment', 'operation', 'status'] as const;

/** Calls back for every machine, in an order and at moments that the seed draws. */
async function eachWithin(
  { agents, clock }: WholeCluster,
  { withinMs, seed }: { readonly withinMs: number; readonly seed: number },
  what: (hostname: string) => void,
): Promise<void> {
  const random = createSeededRandom(seed);
  for (const { hostname } of agents) {
    void clock.sleep(random.number() * withinMs).then(() => what(hostname));
  }
  await clock.advance(withinMs);
}

function apiServers({ world }: WholeCluster): number {
  return [...world.state.hosts.values()].filter(({ runtime }) => runtime?.apiServerReady).length;
}

describe('a cluster whose machines all lost their power', () => {
  test.each([
    { nodes: 1, seed: 1 },
    { nodes: 3, seed: 2 },
    { nodes: 5, seed: 3 },
    { nodes: 5, seed: 4 },
  ])(
    'is the same cluster when they are back, in any order: $nodes nodes, seed $seed',
    async ({ nodes, seed }) => {
      const controlPlanes = nodes < 3 ? 1 : 3;
      const cluster = startWholeCluster({ nodes, seed, spec: { controlPlanes } });
      await untilWhole(cluster);
      await untilTidy(cluster);
      await cluster.clock.advance(ONE_MINUTE_MS);
      const entries = revisionsOf(cluster, LASTING);
      const commands = startsOf(cluster.world.state.journal, / kubeadm /);

      await eachWithin(cluster, { withinMs: 10_000, seed }, cluster.powerOff);
      await cluster.clock.advance(ONE_MINUTE_MS);
      await eachWithin(cluster, { withinMs: 10_000, seed: seed + 1 }, cluster.boot);
      await cluster.clock.runUntil(() => cluster.leader() !== undefined, 10_000);
      await cluster.clock.runUntil(() => apiServers(cluster) === controlPlanes, ONE_MINUTE_MS);
      await cluster.clock.advance(2 * ONE_MINUTE_MS);
      cluster.end();

      expect(factsOf(cluster)).toEqual(wholeFacts(cluster));
      expect(revisionsOf(cluster, LASTING)).toEqual(entries);
      expect(startsOf(cluster.world.state.journal, / kubeadm /)).toEqual(commands);
    },
    TIMEOUT_MS,
  );

  test(
    'becomes whole when the power fails in the middle of the formation',
    async () => {
      for (const seed of [1, 2, 3, 4, 5]) {
        const cluster = startWholeCluster({ nodes: 3, seed });
        await cluster.clock.advance(5_000 * seed);
        for (const { hostname } of cluster.agents) cluster.powerOff(hostname);
        await cluster.clock.advance(5_000);
        await eachWithin(cluster, { withinMs: 5_000, seed }, cluster.boot);
        await untilWhole(cluster, 10 * ONE_MINUTE_MS);
        await untilTidy(cluster);
        cluster.end();

        const { inits, ...facts } = factsOf(cluster);
        const { inits: _, ...whole } = wholeFacts(cluster);
        expect(facts).toEqual(whole);
        expect(new Set(inits).size).toBe(1);
      }
    },
    TIMEOUT_MS,
  );
});
