import { describe, expect, jest, test } from '@jest/globals';
import { check } from '../../../src/simulation/checker/check.ts';
import { logOf } from '../../support/fleet-log.ts';
import { editSpec } from '../../support/fleet-orders.ts';
import {
  fleetOf,
  rolloutsIn,
  runningIn,
  say,
  toldReleases,
  until,
  untilAtWork,
  untilRolledOut,
  wantLast,
} from '../../support/fleet-upgrades.ts';

jest.setTimeout(240_000);

const RELEASES = ['v1.34.3', 'v1.34.4'];
const [OLD = '', NEW = ''] = RELEASES;

async function inTheMiddle(seed: number, releases: readonly string[] = RELEASES) {
  const fleet = await fleetOf({ nodes: 4, seed, releases });
  await wantLast(fleet, RELEASES);
  await untilAtWork(fleet, 'upgrade-control-plane');
  return fleet;
}

describe('people who change their mind during an upgrade', () => {
  test('pause it: one control plane is ended, and hours later the rest goes on', async () => {
    const fleet = await inTheMiddle(1);
    await say(fleet, 'pause');
    await until(fleet, () => logOf(fleet).list('order').length === 0);
    await fleet.clock.advance(3_600_000);
    expect(rolloutsIn(fleet).map(({ state }) => state)).toEqual(['paused']);
    expect(toldReleases(fleet).toSorted()).toEqual([OLD, NEW]);
    await say(fleet, 'resume');
    await untilRolledOut(fleet);
    fleet.end();
    expect(runningIn(fleet)).toEqual({ releases: [NEW], cordoned: [], notReady: [] });
    expect(check(fleet.recorder.trace())).toEqual([]);
  });

  test('cancel it: it stays as it is until they edit the spec, and then it is ended', async () => {
    const fleet = await inTheMiddle(2);
    await say(fleet, 'cancel');
    await untilRolledOut(fleet);
    await fleet.clock.advance(600_000);
    expect(rolloutsIn(fleet).map(({ state }) => state)).toEqual(['cancelled']);
    expect(logOf(fleet).get('release', 'current')?.value).toMatchObject({
      controlPlane: NEW,
      kubelet: OLD,
      heldBy: null,
    });
    await editSpec(fleet, { zones: ['a'] });
    await until(fleet, () => rolloutsIn(fleet).length === 2);
    await untilRolledOut(fleet);
    fleet.end();
    expect(runningIn(fleet)).toEqual({ releases: [NEW], cordoned: [], notReady: [] });
    expect(check(fleet.recorder.trace())).toEqual([]);
  });

  test('want a newer release: the plan ends at the next safe point, and another one brings that', async () => {
    const newest = 'v1.35.1';
    const fleet = await inTheMiddle(3, [...RELEASES, newest]);
    await editSpec(fleet, { kubernetesVersion: newest });
    await until(fleet, () => rolloutsIn(fleet).length === 2);
    await untilRolledOut(fleet);
    fleet.end();
    expect(rolloutsIn(fleet).map(({ state }) => state)).toEqual(['cancelled', 'done']);
    expect(runningIn(fleet)).toEqual({ releases: [newest], cordoned: [], notReady: [] });
    expect(check(fleet.recorder.trace())).toEqual([]);
  });
});
