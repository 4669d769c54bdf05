import { describe, expect, test } from '@jest/globals';
import { check } from '../../../src/simulation/checker/check.ts';
import { type Fleet, startFleet } from '../../../src/simulation/fleet/fleet.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import { isDue, isOver } from '../../../src/state/leaf-life.ts';
import { factsOf, wholeFacts } from '../../support/fleet-facts.ts';
import { logOf } from '../../support/fleet-log.ts';
import { untilTidy } from '../../support/fleet-wait.ts';

const TIMEOUT_MS = 240_000;
const ONE_MINUTE_MS = 60_000;
const TEN_MINUTES_MS = 600_000;
const DAY_MS = 86_400_000;
/** Past two thirds of all leaves, and past the end of all. */
const NINE_MONTHS_MS = 270 * DAY_MS;
const THIRTEEN_MONTHS_MS = 395 * DAY_MS;
/** Of the changes that agents make from the first order on: before kubeadm ran, and from then to the proof. */
const CHANGES_LOOKED_AT = [32, 40, 44, 48, 52, 58];

async function offFor({ clock, machines }: Fleet, durationMs: number): Promise<void> {
  for (const machine of machines) machine.powerOff();
  await clock.advance(durationMs);
  for (const machine of machines) machine.boot();
}

/** The power of all fails at that change after the first order, and for thirteen months. */
async function overtakenAt(change: number): Promise<Fleet> {
  const fleet = startFleet({ nodes: 3, seed: 11, spec: { controlPlanes: 3 } });
  await untilWhole(fleet);
  await untilTidy(fleet);
  await offFor(fleet, NINE_MONTHS_MS);
  let left = change;
  fleet.onCall(() => {
    if (left > 0 && logOf(fleet).list('order').length > 0) left -= 1;
  });
  await fleet.clock.runUntil(() => left === 0, TEN_MINUTES_MS);
  expect(left).toBe(0);
  await offFor(fleet, THIRTEEN_MONTHS_MS);
  await fleet.clock.runUntil(() => isUsable(fleet), 5 * ONE_MINUTE_MS);
  return fleet;
}

function isUsable(fleet: Fleet): boolean {
  const expected = JSON.stringify(wholeFacts(fleet).nodes);
  return JSON.stringify(factsOf(fleet).nodes) === expected && leavesThat(fleet, isOver) === 0;
}

/** How many of those that the log knows are so by now. */
function leavesThat(fleet: Fleet, are: typeof isOver): number {
  const told = logOf(fleet).list('certificates');
  const leaves = told.flatMap(({ value }) => value.leaves);
  return leaves.filter((leaf) => are(leaf, fleet.clock.wallMs())).length;
}

describe('a renewal in the middle of which all machines are off until its leaves are over', () => {
  test(
    'is left behind for one that nobody ordered, wherever it was',
    async () => {
      const failures: unknown[] = [];
      for (const change of CHANGES_LOOKED_AT) {
        const fleet = await overtakenAt(change);
        const usable = isUsable(fleet);
        await fleet.clock.advance(TEN_MINUTES_MS);
        await untilTidy(fleet);
        fleet.end();
        const facts = JSON.stringify(factsOf(fleet)) === JSON.stringify(wholeFacts(fleet));
        const left = { orders: logOf(fleet).list('order'), due: leavesThat(fleet, isDue) };
        const broken = check(fleet.recorder.trace());
        if (!usable || !facts || left.orders.length > 0 || left.due > 0 || broken.length > 0) {
          failures.push({ change, usable, facts, left, broken });
        }
      }
      expect(failures).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
