import { afterAll, describe, expect, test } from '@jest/globals';
import type { Unsynced } from '../../../src/simulation/faults.ts';
import { type Fleet, startFleet } from '../../../src/simulation/fleet/fleet.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import type { JournalEntry } from '../../../src/simulation/world-state.ts';
import { factsOf, wholeFacts } from '../../support/fleet-facts.ts';
import { cutPowerAt, schedulePowerCuts } from '../../support/fleet-power.ts';
import { createTimes } from '../../support/fleet-times.ts';
import { untilTidy } from '../../support/fleet-wait.ts';

const TIMEOUT_MS = 600_000;
/** An agent waits two minutes for what an interrupted kubeadm may have left, at each of several cuts. */
const LIMIT_MS = 900_000;
const SEEDS = Number(process.env['CIVITAS_RUNS'] ?? 20);

const times = createTimes('lost files');
afterAll(times.print);

interface Run {
  readonly nodes: number;
  readonly seed: number;
}

/** One cut, at a change that tells of kubeadm. */
interface CutRun extends Run {
  readonly unsynced: Unsynced;
}

function start({ nodes, seed }: Run): Fleet {
  return startFleet({ nodes, seed, spec: { controlPlanes: nodes < 3 ? 1 : 3 } });
}

/** What is wrong with the cluster in the end; nothing when it is whole and was founded by one host. */
async function faultsOf(fleet: Fleet, label: string): Promise<readonly unknown[]> {
  const late = await times.measure(label, () => untilWhole(fleet, LIMIT_MS)).catch(String);
  await untilTidy(fleet);
  fleet.end();
  const { inits, ...facts } = factsOf(fleet);
  const { inits: _, ...whole } = wholeFacts(fleet);
  const same = JSON.stringify(facts) === JSON.stringify(whole) && new Set(inits).size === 1;
  return same && !late ? [] : [{ label, late, inits, facts }];
}

async function faultsAfterCutAt(run: CutRun, isTheMoment: (entry: JournalEntry) => boolean) {
  const fleet = start(run);
  const moments: string[] = [];
  cutPowerAt(fleet, run.unsynced, (entry) => {
    const isIt = isTheMoment(entry);
    if (isIt) moments.push(`${entry.event} ${entry.host} ${entry.detail}`);
    return isIt;
  });
  const faults = await faultsOf(fleet, `nodes ${run.nodes}, seed ${run.seed}`);
  expect(moments).toHaveLength(1);
  return faults.length > 0 ? [...moments, ...faults] : [];
}

/** Counts the begins and ends of kubeadm's phases; holds for the one of that number. */
function phaseNumber(number: number) {
  let count = 0;
  return ({ event }: JournalEntry) => {
    if (event.startsWith('phase.')) count += 1;
    return count === number;
  };
}

async function countPhases(run: Run): Promise<number> {
  const fleet = start(run);
  await untilWhole(fleet);
  fleet.end();
  return fleet.world.state.journal.filter(({ event }) => event.startsWith('phase.')).length;
}

describe('a power cut that takes with it what kubeadm and kubelet had not synced', () => {
  test.each([
    { nodes: 2, seed: 7, unsynced: 'lost', every: 3, from: 1 },
    { nodes: 2, seed: 7, unsynced: 'torn', every: 3, from: 2 },
    { nodes: 3, seed: 7, unsynced: 'lost', every: 4, from: 1 },
    { nodes: 3, seed: 7, unsynced: 'torn', every: 4, from: 3 },
  ] as const)(
    'leaves a whole cluster founded by one host: $nodes nodes, files $unsynced at a begin or end of a phase, every $every from number $from',
    async ({ every, from, ...run }) => {
      const phases = await countPhases(run);
      const faults: unknown[] = [];
      for (let number = from; number <= phases; number += every) {
        faults.push(...(await faultsAfterCutAt(run, phaseNumber(number))));
      }
      expect(faults).toEqual([]);
      expect(phases).toBeGreaterThan(30);
    },
    TIMEOUT_MS,
  );

  test(
    `leaves a whole cluster founded by one host: any machines, at any moment: ${SEEDS} seeds`,
    async () => {
      const faults: unknown[] = [];
      for (let seed = 1; seed <= SEEDS; seed += 1) {
        const fleet = start({ nodes: 3, seed });
        await fleet.clock.drive(schedulePowerCuts(fleet, seed));
        faults.push(...(await faultsOf(fleet, `nodes 3, seed ${seed}`)));
      }
      expect(faults).toEqual([]);
    },
    TIMEOUT_MS,
  );

  // The second of two members of etcd: without a certificate nothing starts its kubelet again.
  test.each([3, 23])(
    'leaves etcd whole also between the token and the certificate of a kubelet: seed %i',
    async (seed) => {
      const isTheMoment = ({ event, detail }: JournalEntry) =>
        event === 'phase.finished' && detail.endsWith(' kubelet-wait-bootstrap');
      const run = { nodes: 3, seed, unsynced: 'lost' } as const;
      expect(await faultsAfterCutAt(run, isTheMoment)).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
