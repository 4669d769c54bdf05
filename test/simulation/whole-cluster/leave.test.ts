import { describe, expect, test } from '@jest/globals';
import { check } from '../../../src/simulation/checker/check.ts';
import { type Fleet, startFleet } from '../../../src/simulation/fleet/fleet.ts';
import type { Machine } from '../../../src/simulation/fleet/machine.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import { logOf } from '../../support/fleet-log.ts';
import { leavingOf, tell } from '../../support/fleet-people.ts';
import { untilTidy } from '../../support/fleet-wait.ts';

const TIMEOUT_MS = 120_000;
const MOST_MS = 10 * 60_000;

async function wholeFleet(nodes: number, seed: number): Promise<Fleet> {
  const fleet = startFleet({ nodes, seed, spec: { controlPlanes: 3 } });
  await untilWhole(fleet);
  await untilTidy(fleet);
  return fleet;
}

function withRole(fleet: Fleet, role: string): readonly Machine[] {
  return fleet.machines.filter(
    (machine) => logOf(fleet).get('assignment', machine.node().nodeId)?.value.role === role,
  );
}

/** What is not gone yet after that long. */
async function openItems(fleet: Fleet, machine: Machine): Promise<readonly string[]> {
  const untilMs = fleet.clock.nowMs() + MOST_MS;
  for (;;) {
    const { items } = await leavingOf(fleet, machine);
    const open = items.filter(({ done }) => !done);
    if (open.length === 0) return [];
    if (fleet.clock.nowMs() > untilMs)
      return open.map(({ name, message }) => `${name}: ${message}`);
    await fleet.clock.advance(5_000);
  }
}

describe('a node that people take out', () => {
  test.each([
    { role: 'worker', seed: 1 },
    { role: 'control-plane', seed: 2 },
  ])(
    'leaves nothing behind: $role',
    async ({ role, seed }) => {
      const fleet = await wholeFleet(5, seed);
      const [machine] = withRole(fleet, role);
      if (!machine) throw new Error(`nobody is a ${role}`);
      await tell(fleet, machine, '/v1/leave');
      expect(await openItems(fleet, machine)).toEqual([]);
      await untilTidy(fleet);
      fleet.end();
      expect(withRole(fleet, 'control-plane')).toHaveLength(3);
      expect(withRole(fleet, 'spare')).toEqual([machine]);
      expect(check(fleet.recorder.trace())).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'is refused when the cluster could not do without it, and nothing happens',
    async () => {
      const fleet = await wholeFleet(3, 3);
      const [machine] = withRole(fleet, 'control-plane');
      if (!machine) throw new Error('nobody is a control plane');
      await expect(tell(fleet, machine, '/v1/leave')).rejects.toMatchObject({
        code: 'leave.breaks-spec',
      });
      fleet.end();
      expect(logOf(fleet).list('request')).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
