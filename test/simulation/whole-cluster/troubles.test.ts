import { afterAll, expect, test } from '@jest/globals';
import { drawFaults } from '../../../src/simulation/faults/draw-faults.ts';
import type { FaultKind } from '../../../src/simulation/faults/fault.ts';
import { createSeededRandom } from '../../../src/simulation/seeded-random.ts';
import { factsDespite } from '../../support/fleet-despite.ts';
import { createTimes } from '../../support/fleet-times.ts';

const TIMEOUT_MS = 600_000;
/** After a power cut the agent waits two minutes for what the interrupted kubeadm may have left. */
const LIMIT_MS = 600_000;
const NODES = 3;
const SEEDS = Number(process.env['CIVITAS_RUNS'] ?? 12);

/** Each is over after its time, and by itself harmless. */
const KINDS: readonly FaultKind[] = [
  'agent-killed',
  'power-cut-unsynced',
  'power-cut-in-phase',
  'log-unreachable',
  'log-watch-stalled',
  'log-leader-lost',
  'replica-stopped',
  'link-cut',
  'partitioned',
  'packets-late',
  'kubeadm-killed',
  'kubeadm-fails',
];

const times = createTimes('troubles');
afterAll(times.print);

function troubles(seed: number) {
  const when = { fromMs: 2_000, untilMs: 42_000, longestMs: 30_000 };
  const random = createSeededRandom(seed);
  return drawFaults(random, { nodes: NODES, kinds: KINDS, mostFaults: 6, ...when });
}

test(
  `agents, machines, cables, kubeadm and the log may fail while a cluster forms: it becomes whole, founded by one host: ${SEEDS} seeds`,
  async () => {
    const failures: unknown[] = [];
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const run = { nodes: NODES, seed, faults: troubles(seed), limitMs: LIMIT_MS };
      const { facts, whole } = await factsDespite(run, times);
      const { inits, ...others } = facts;
      const same = JSON.stringify(others) === JSON.stringify({ ...whole, inits: undefined });
      if (!same || new Set(inits).size !== 1) failures.push({ seed, facts });
    }
    expect(failures).toEqual([]);
  },
  TIMEOUT_MS,
);
