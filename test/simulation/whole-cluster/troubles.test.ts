import { afterAll, expect, test } from '@jest/globals';
import { startWholeCluster } from '../../support/whole-cluster.ts';
import { factsOf, wholeFacts } from '../../support/whole-cluster-facts.ts';
import { createTimes } from '../../support/whole-cluster-times.ts';
import { scheduleTroubles } from '../../support/whole-cluster-troubles.ts';
import { untilTidy, untilWhole } from '../../support/whole-cluster-wait.ts';
import { regressionsOf } from './regressions.ts';

const TIMEOUT_MS = 600_000;
/** After a power cut the agent waits two minutes for what the interrupted kubeadm may have left. */
const LIMIT_MS = 600_000;
const SEEDS = Number(process.env['CIVITAS_RUNS'] ?? 12);

const times = createTimes('troubles');
afterAll(times.print);

/** The time to the log and back, and until a started agent reaches it, are long in every other run. */
async function formDespiteTroubles(nodes: number, seed: number) {
  const slow = seed % 2 === 0 ? { mostTravelMs: 300, connectsWithinMs: 20_000 } : {};
  const cluster = startWholeCluster({ nodes, seed, ...slow });
  const troubles = scheduleTroubles(cluster, seed);
  await times.measure(`nodes ${nodes}, seed ${seed}`, async () => {
    await cluster.clock.drive(troubles);
    await untilWhole(cluster, LIMIT_MS);
    const wholeAtMs = cluster.clock.nowMs();
    await untilTidy(cluster);
    return wholeAtMs;
  });
  cluster.end();
  return cluster;
}

async function failuresOf(runs: readonly { readonly nodes: number; readonly seed: number }[]) {
  const failures: unknown[] = [];
  for (const { nodes, seed } of runs) {
    const cluster = await formDespiteTroubles(nodes, seed);
    const { inits, ...facts } = factsOf(cluster);
    const { inits: _, ...whole } = wholeFacts(cluster);
    const same = JSON.stringify(facts) === JSON.stringify(whole);
    if (!same || new Set(inits).size !== 1) failures.push({ nodes, seed, inits, facts });
  }
  return failures;
}

test(
  `agents, hosts, cables, kubeadm and the log may fail while a cluster forms: it becomes whole, founded by one host: ${SEEDS} seeds`,
  async () => {
    const runs = Array.from({ length: SEEDS }, (_, index) => ({ nodes: 3, seed: index + 1 }));
    expect(await failuresOf(runs)).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  'a cluster becomes whole with the seeds that once failed',
  async () => {
    expect(await failuresOf(regressionsOf('troubles'))).toEqual([]);
  },
  TIMEOUT_MS,
);
