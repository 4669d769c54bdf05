import { describe, expect, test } from '@jest/globals';
import { type Fleet, startFleet } from '../../../src/simulation/fleet/fleet.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import type { Assignment } from '../../../src/state/assignment.ts';
import { factsOf, startsOf, wholeFacts } from '../../support/fleet-facts.ts';
import { killFor } from '../../support/fleet-kills.ts';
import { logOf, machineOf, untilLog } from '../../support/fleet-log.ts';
import { untilTidy } from '../../support/fleet-wait.ts';

const TIMEOUT_MS = 120_000;
/** Longer than it takes to hold an agent for dead and to take over from it. */
const LONG_MS = 90_000;

/** Calls back once, at the moment the log has the assignment of that number. */
function atAssignment(
  fleet: Fleet,
  number: number,
  callback: (assignment: Assignment) => void,
): void {
  const log = logOf(fleet);
  let count = 0;
  log.onChange((kind, key) => {
    const assignment = kind === 'assignment' && log.get(kind, key)?.value;
    if (!assignment) return;
    count += 1;
    if (count === number) callback(assignment);
  });
}

async function expectWhole(fleet: Fleet): Promise<void> {
  await untilWhole(fleet);
  await untilTidy(fleet);
  fleet.end();
  const { journal } = fleet.world.state;
  const names = fleet.machines.map(({ hostname }) => hostname);
  expect(factsOf(fleet)).toEqual(wholeFacts(fleet));
  expect([...startsOf(journal, / kubeadm (init|join) /)].sort()).toEqual(names);
  expect(logOf(fleet).list('operation')).toHaveLength(names.length);
}

describe('a leader that dies right after it assigned', () => {
  test.each([1, 2, 3])(
    'leaves an assignment that is carried out once, also when it comes back: number %i',
    async (number) => {
      const fleet = startFleet({ nodes: 3, seed: number });
      await untilLog(fleet);
      atAssignment(fleet, number, () => {
        const leader = fleet.leader();
        if (leader) void killFor(fleet, leader, LONG_MS);
      });
      await expectWhole(fleet);
    },
    TIMEOUT_MS,
  );
});

describe('a sponsor whose agent dies', () => {
  test(
    'as soon as the join began leaves it to kubeadm, and nothing behind once it is back',
    async () => {
      for (const seed of [1, 2, 3]) {
        const fleet = startFleet({ nodes: 3, seed });
        const forget = fleet.world.onChange(({ event, host, detail }) => {
          if (event !== 'operation.started' || !detail.includes(' kubeadm join ')) return;
          forget();
          const { nodeId } = fleet.machine(host).node();
          const sponsor = logOf(fleet).get('assignment', nodeId)?.value.sponsor ?? null;
          void killFor(fleet, machineOf(fleet, sponsor), LONG_MS);
        });
        await expectWhole(fleet);
      }
    },
    TIMEOUT_MS,
  );

  test(
    'before it handed anything over is replaced by another control plane',
    async () => {
      for (const seed of [1, 2, 3]) {
        const fleet = startFleet({ nodes: 3, seed });
        await untilWhole(fleet);
        atAssignment(fleet, 1, ({ sponsor }) => {
          void killFor(fleet, machineOf(fleet, sponsor), 10 * LONG_MS);
        });
        const { nodeId } = fleet.addMachine().node();
        const serves = () =>
          logOf(fleet).get('status', nodeId)?.value.kubernetes.nodeReady === true;
        await fleet.clock.runUntil(serves, LONG_MS);
        await fleet.clock.advance(10 * LONG_MS);
        await expectWhole(fleet);
      }
    },
    TIMEOUT_MS,
  );
});
