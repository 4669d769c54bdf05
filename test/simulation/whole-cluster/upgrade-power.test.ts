import { describe, expect, jest, test } from '@jest/globals';
import { check } from '../../../src/simulation/checker/check.ts';
import type { OrderTask } from '../../../src/state/order.ts';
import { killFor } from '../../support/fleet-kills.ts';
import { logOf } from '../../support/fleet-log.ts';
import {
  fleetOf,
  hasRole,
  rolloutsIn,
  runningIn,
  toldReleases,
  untilAllAre,
  untilAtWork,
  untilRolledOut,
  wantLast,
} from '../../support/fleet-upgrades.ts';

jest.setTimeout(240_000);

const RELEASES = ['v1.33.13', 'v1.34.4'];
const [, NEW = ''] = RELEASES;
const WHOLE = { releases: [NEW], cordoned: [], notReady: [] };

interface Moment {
  readonly task: OrderTask;
  readonly role: 'control-plane' | 'worker';
}

const MOMENTS: readonly Moment[] = [
  { task: 'upgrade-control-plane', role: 'control-plane' },
  { task: 'upgrade-kubelet', role: 'control-plane' },
  { task: 'upgrade-kubelet', role: 'worker' },
];

async function at({ task, role }: Moment, seed: number) {
  const fleet = await fleetOf({ nodes: 5, seed, releases: RELEASES });
  await wantLast(fleet, RELEASES);
  const machine = await untilAtWork(fleet, task, hasRole(fleet, role));
  return { fleet, machine };
}

describe('in the middle of an upgrade', () => {
  test.each(MOMENTS)('the node loses its power for a moment: $task of a $role', async (moment) => {
    const { fleet, machine } = await at(moment, 1);
    await fleet.clock.advance(700);
    machine.powerOff();
    await fleet.clock.advance(20_000);
    machine.boot();
    await untilRolledOut(fleet);
    await fleet.clock.advance(30_000);
    fleet.end();
    expect(runningIn(fleet)).toEqual(WHOLE);
    expect(toldReleases(fleet)).toEqual([NEW]);
    expect(rolloutsIn(fleet).map(({ state }) => state)).toEqual(['done']);
    expect(check(fleet.recorder.trace())).toEqual([]);
  });

  test.each(MOMENTS)('the leader is killed: $task of a $role', async (moment) => {
    const { fleet } = await at(moment, 2);
    const leader = fleet.leader();
    if (leader) await fleet.clock.drive(killFor(fleet, leader, 20_000));
    await untilRolledOut(fleet);
    await fleet.clock.advance(30_000);
    fleet.end();
    expect(runningIn(fleet)).toEqual(WHOLE);
    expect(rolloutsIn(fleet).map(({ state }) => state)).toEqual(['done']);
    const tries = rolloutsIn(fleet).flatMap(({ steps }) => steps.map(({ index }) => index));
    expect(new Set(tries).size).toBe(tries.length);
    expect(check(fleet.recorder.trace())).toEqual([]);
  });

  test('a control plane dies for good: another node takes its place, and the upgrade goes on', async () => {
    const { fleet, machine } = await at(
      { task: 'upgrade-control-plane', role: 'control-plane' },
      3,
    );
    machine.powerOff();
    await untilAllAre(fleet, NEW);
    await fleet.clock.advance(60_000);
    fleet.end();
    expect(runningIn(fleet)).toEqual(WHOLE);
    const planes = logOf(fleet)
      .list('assignment')
      .filter(({ value }) => value.role === 'control-plane');
    expect(planes).toHaveLength(3);
    expect(planes.map(({ key }) => key)).not.toContain(machine.node().nodeId);
    expect(check(fleet.recorder.trace())).toEqual([]);
  });

  test('a worker is away until all is over, and is upgraded when it is back', async () => {
    const { fleet, machine } = await at({ task: 'upgrade-kubelet', role: 'worker' }, 4);
    machine.powerOff();
    await untilRolledOut(fleet);
    machine.boot();
    await untilAllAre(fleet, NEW);
    await fleet.clock.advance(30_000);
    fleet.end();
    expect(runningIn(fleet)).toEqual(WHOLE);
    expect(check(fleet.recorder.trace())).toEqual([]);
  });
});
