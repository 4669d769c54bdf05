import { afterAll, expect, test } from '@jest/globals';
import { drawFaults } from '../../../src/simulation/faults/draw-faults.ts';
import { createSeededRandom } from '../../../src/simulation/seeded-random.ts';
import { factsDespite } from '../../support/fleet-despite.ts';
import { createTimes } from '../../support/fleet-times.ts';

const TIMEOUT_MS = 600_000;
const LIMIT_MS = 300_000;
/** Agents die in most runs of the search too; only here is every fact of the cluster compared. */
const SEEDS = Number(process.env['CIVITAS_RUNS'] ?? 30);
/** One has nobody to take over, two have a worker, three take turns as control planes, five have it all. */
const SIZES = [3, 1, 3, 2, 3, 2, 3, 1, 3, 5];

const times = createTimes('killed agents');
afterAll(times.print);

function kills(nodes: number, seed: number) {
  const when = { fromMs: 0, untilMs: 33_000, longestMs: 10_000 };
  const random = createSeededRandom(seed);
  return drawFaults(random, { nodes, kinds: ['agent-killed'], mostFaults: 10, ...when });
}

test(
  `agents that are SIGKILLed at any moment of the formation leave one whole cluster after one init, and no learner, token or handover: ${SEEDS} seeds`,
  async () => {
    const failures: unknown[] = [];
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const nodes = SIZES[seed % SIZES.length] ?? 3;
      const run = { nodes, seed, faults: kills(nodes, seed), limitMs: LIMIT_MS };
      const { facts, whole } = await factsDespite(run, times);
      if (JSON.stringify(facts) !== JSON.stringify(whole)) failures.push({ nodes, seed, facts });
    }
    // All seeds are tried, so that one report names all that fail.
    expect(failures).toEqual([]);
  },
  TIMEOUT_MS,
);
