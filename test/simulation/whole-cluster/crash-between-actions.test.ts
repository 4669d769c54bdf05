import { afterAll, describe, expect, test } from '@jest/globals';
import { startFleet } from '../../../src/simulation/fleet/fleet.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import { factsOf, wholeFacts } from '../../support/fleet-facts.ts';
import { countChanges, killFor } from '../../support/fleet-kills.ts';
import { createTimes } from '../../support/fleet-times.ts';
import { untilTidy } from '../../support/fleet-wait.ts';

const TIMEOUT_MS = 600_000;
const PAUSE_MS = 2_000;

const times = createTimes('crash between actions');
afterAll(times.print);

/** Forms a cluster whose agents make all their changes but one: at that one, its agent dies. */
async function form(nodes: number, seed: number, crashAt: number) {
  const fleet = startFleet({ nodes, seed, spec: { controlPlanes: nodes < 3 ? 1 : 3 } });
  const changes = countChanges(fleet, (count, machine) => {
    if (count === crashAt) void killFor(fleet, machine, PAUSE_MS);
  });
  await times.measure(`nodes ${nodes}, change ${crashAt}`, () => untilWhole(fleet));
  await untilTidy(fleet);
  fleet.end();
  return { fleet, changes: changes() };
}

/** Crashes right before each `step`-th change that agents make outside themselves. */
async function failuresOf(nodes: number, seed: number, step: number) {
  const undisturbed = await form(nodes, seed, 0);
  const failures: unknown[] = [];
  for (let crashAt = 1; crashAt <= undisturbed.changes; crashAt += step) {
    const { fleet } = await form(nodes, seed, crashAt);
    const [facts, whole] = [factsOf(fleet), wholeFacts(fleet)];
    const same = JSON.stringify(facts) === JSON.stringify(whole) && facts.inits.length === 1;
    if (!same) failures.push({ nodes, seed, crashAt, facts });
  }
  return { failures, changes: undisturbed.changes };
}

describe('an agent that dies between any two actions', () => {
  test.each([
    { nodes: 2, step: 1, what: 'an init and the join of a worker, every change' },
    { nodes: 3, step: 9, what: 'an init and two joins of control planes, every ninth change' },
  ])(
    'goes on from what it finds: $what',
    async ({ nodes, step }) => {
      const { failures, changes } = await failuresOf(nodes, 1, step);
      expect(failures).toEqual([]);
      expect(changes).toBeGreaterThan(40);
    },
    TIMEOUT_MS,
  );
});
