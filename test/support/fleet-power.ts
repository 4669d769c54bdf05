import type { Unsynced } from '../../src/simulation/faults.ts';
import type { Fleet } from '../../src/simulation/fleet/fleet.ts';
import type { Machine } from '../../src/simulation/fleet/machine.ts';
import { createSeededRandom } from '../../src/simulation/seeded-random.ts';
import type { JournalEntry } from '../../src/simulation/world-state.ts';

const OFF_MS = 5_000;
const LONGEST_OFF_MS = 15_000;
/** By then every machine was switched on for the first time. */
const ALL_ON_MS = 2_000;
const CUTS_WITHIN_MS = 40_000;
/** How many of the machines lose their power, and how many runs lose it on all of them at once. */
const CUT_SHARE = 0.7;
const TOGETHER_SHARE = 0.5;
/** In how many runs files come off by themselves, instead of all being lost. */
const TORN_SHARE = 0.5;

interface Cut {
  readonly offMs: number;
  readonly unsynced: Unsynced;
}

/** No power for a while, and gone is what nobody had synced. */
async function cutPower(
  { clock }: Fleet,
  machine: Machine,
  { offMs, unsynced }: Cut,
): Promise<void> {
  machine.powerOff({ unsynced });
  await clock.sleep(offMs);
  machine.boot();
}

/** Cuts the power of a machine at the first change of its host that `isTheMoment` holds for. */
export function cutPowerAt(
  fleet: Fleet,
  unsynced: Unsynced,
  isTheMoment: (entry: JournalEntry) => boolean,
): void {
  const stop = fleet.world.onChange((entry) => {
    if (!isTheMoment(entry)) return;
    stop();
    void cutPower(fleet, fleet.machine(entry.host), { offMs: OFF_MS, unsynced });
  });
}

/** Cuts the power of machines, one by one or together, all drawn from the seed; resolves after the last boot. */
export async function schedulePowerCuts(fleet: Fleet, seed: number): Promise<void> {
  const random = createSeededRandom(seed);
  const together = random.number() < TOGETHER_SHARE;
  const unsynced = random.number() < TORN_SHARE ? 'torn' : 'lost';
  const moment = () => ALL_ON_MS + random.number() * CUTS_WITHIN_MS;
  const togetherAtMs = moment();
  const cuts = fleet.machines.map(async (machine) => {
    if (random.number() >= CUT_SHARE) return;
    await fleet.clock.sleep(together ? togetherAtMs : moment());
    await cutPower(fleet, machine, { offMs: random.number() * LONGEST_OFF_MS, unsynced });
  });
  await Promise.all(cuts);
}
