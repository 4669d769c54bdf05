import { describe, expect, test } from '@jest/globals';
import { startWholeCluster, type WholeCluster } from '../../support/whole-cluster.ts';
import { factsOf, wholeFacts } from '../../support/whole-cluster-facts.ts';
import { fingerprint, untilWhole } from '../../support/whole-cluster-wait.ts';

const TIMEOUT_MS = 120_000;
const ONE_MINUTE_MS = 60_000;

async function healthyCluster(nodes: number): Promise<WholeCluster> {
  const cluster = startWholeCluster({ nodes, seed: 1, spec: { controlPlanes: nodes < 3 ? 1 : 3 } });
  await untilWhole(cluster);
  await cluster.clock.advance(ONE_MINUTE_MS);
  return cluster;
}

/** What was done to hosts, and which entries of the log were written, since a moment. */
function since({ changes, world }: WholeCluster, atMs: number) {
  return {
    toHosts: world.state.journal.filter((entry) => entry.atMs >= atMs),
    toLog: changes.filter((change) => change.atMs >= atMs).map(({ kind }) => kind),
  };
}

describe('a healthy cluster', () => {
  test.each([1, 5])(
    'is left alone: %i nodes, ten minutes',
    async (nodes) => {
      const cluster = await healthyCluster(nodes);
      const before = fingerprint(cluster);
      await cluster.clock.advance(10 * ONE_MINUTE_MS);
      cluster.end();
      expect(fingerprint(cluster)).toBe(before);
    },
    TIMEOUT_MS,
  );

  test(
    'is told of nothing but its leader when one agent after the other is restarted',
    async () => {
      const cluster = await healthyCluster(3);
      const { agents, clock } = cluster;
      const startMs = clock.nowMs();
      for (const agent of agents) {
        await clock.drive(agent.stop());
        agent.start();
        await clock.advance(ONE_MINUTE_MS);
      }
      cluster.end();
      const { toHosts, toLog } = since(cluster, startMs);
      expect(toHosts).toEqual([]);
      expect([...new Set(toLog)]).toEqual(['leadership']);
    },
    TIMEOUT_MS,
  );

  test(
    'has a leader within ten seconds, and is changed in nothing, after all agents were killed',
    async () => {
      const cluster = await healthyCluster(3);
      const { agents, clock } = cluster;
      const startMs = clock.nowMs();
      for (const agent of agents) agent.kill();
      await clock.advance(ONE_MINUTE_MS);
      for (const agent of agents) agent.start();
      await clock.runUntil(() => cluster.leader() !== undefined, 10_000);
      await clock.advance(2 * ONE_MINUTE_MS);
      cluster.end();
      const { toHosts, toLog } = since(cluster, startMs);
      expect(toHosts).toEqual([]);
      expect([...new Set(toLog)]).toEqual(['leadership']);
      expect(factsOf(cluster)).toEqual(wholeFacts(cluster));
    },
    TIMEOUT_MS,
  );
});
