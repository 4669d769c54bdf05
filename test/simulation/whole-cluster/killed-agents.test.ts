import { afterAll, describe, expect, test } from '@jest/globals';
import { startWholeCluster } from '../../support/whole-cluster.ts';
import { factsOf, wholeFacts } from '../../support/whole-cluster-facts.ts';
import { scheduleKills } from '../../support/whole-cluster-kills.ts';
import { createTimes } from '../../support/whole-cluster-times.ts';
import { untilTidy, untilWhole } from '../../support/whole-cluster-wait.ts';
import { regressionsOf } from './regressions.ts';

const TIMEOUT_MS = 600_000;
const LIMIT_MS = 300_000;
const SEEDS = Number(process.env['CIVITAS_RUNS'] ?? 100);
/** One has nobody to take over, two have a worker, three take turns as control planes, five have it all. */
const SIZES = [3, 1, 3, 2, 3, 2, 3, 1, 3, 5];

const times = createTimes('killed agents');
afterAll(times.print);

async function formDespiteKills(nodes: number, seed: number) {
  const controlPlanes = nodes < 3 ? 1 : 3;
  const cluster = startWholeCluster({ nodes, seed, spec: { controlPlanes } });
  const kills = scheduleKills(cluster, seed);
  await times.measure(`nodes ${nodes}, seed ${seed}`, async () => {
    await cluster.clock.drive(kills);
    await untilWhole(cluster, LIMIT_MS);
    const wholeAtMs = cluster.clock.nowMs();
    await untilTidy(cluster);
    return wholeAtMs;
  });
  cluster.end();
  return cluster;
}

/** All seeds are tried, so that one report names all that fail. */
async function failuresOf(runs: readonly { readonly nodes: number; readonly seed: number }[]) {
  const failures: unknown[] = [];
  for (const { nodes, seed } of runs) {
    const cluster = await formDespiteKills(nodes, seed);
    const [facts, whole] = [factsOf(cluster), wholeFacts(cluster)];
    if (JSON.stringify(facts) !== JSON.stringify(whole)) failures.push({ nodes, seed, facts });
  }
  return failures;
}

describe('agents that are SIGKILLed at any moment of the formation', () => {
  test(
    `leave one whole cluster after one init, and no learner, token or handover: ${SEEDS} seeds`,
    async () => {
      const runs = Array.from({ length: SEEDS }, (_, index) => {
        return { nodes: SIZES[index % SIZES.length] ?? 3, seed: index + 1 };
      });
      expect(await failuresOf(runs)).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'leave one whole cluster with the seeds that once failed',
    async () => {
      expect(await failuresOf(regressionsOf('killed-agents'))).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
