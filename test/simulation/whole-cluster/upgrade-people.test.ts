import { describe, expect, jest, test } from '@jest/globals';
import { check } from '../../../src/simulation/checker/check.ts';
import type { Fleet } from '../../../src/simulation/fleet/fleet.ts';
import { machinesWith } from '../../support/fleet-hands.ts';
import { logOf } from '../../support/fleet-log.ts';
import { editSpec } from '../../support/fleet-orders.ts';
import {
  fleetOf,
  hasRole,
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

const WEB = { kind: 'Deployment', name: 'web', replicas: 3 } as const;

/** How many of the three pods have to be there at any time. */
function budget(fleet: Fleet, minAvailable: number): void {
  const [first] = machinesWith(fleet, 'control-plane');
  const selector = { matchLabels: { app: 'web' }, matchExpressions: [] };
  const named = { namespace: 'default', name: 'web', selector, minAvailable };
  fleet.world.applyBudget(first?.hostname ?? '', named);
}

/** A worker was cordoned for its new kubelet, and then its pods were no more allowed to go. */
async function stuckInADrain(seed: number): Promise<Fleet> {
  const fleet = await fleetOf({ nodes: 5, seed, releases: RELEASES });
  fleet.world.applyWorkload(machinesWith(fleet, 'control-plane')[0]?.hostname ?? '', WEB);
  await fleet.clock.advance(30_000);
  await wantLast(fleet, RELEASES);
  const isWorker = hasRole(fleet, 'worker');
  const workers = fleet.machines.filter(isWorker).map(({ hostname }) => hostname);
  const isCordoned = () => runningIn(fleet).cordoned.some((name) => workers.includes(name));
  const stop = fleet.world.onChange(() => {
    if (!isCordoned()) return;
    stop();
    budget(fleet, 3);
  });
  await until(fleet, () => waitsOf(fleet).includes('drain-blocked'));
  return fleet;
}

const waitsOf = (fleet: Fleet) =>
  logOf(fleet)
    .list('drain')
    .map(({ value }) => value.waiting?.reason);

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

  test('cancel it while a budget lets the pods of a node not go: it takes pods again', async () => {
    const fleet = await stuckInADrain(4);
    expect(runningIn(fleet).cordoned).toHaveLength(1);
    await say(fleet, 'cancel');
    await untilRolledOut(fleet);
    expect(rolloutsIn(fleet).map(({ state }) => state)).toEqual(['cancelled']);
    expect(logOf(fleet).list('order')).toEqual([]);
    expect(runningIn(fleet)).toEqual({ releases: [NEW, OLD], cordoned: [], notReady: [] });
    fleet.end();
    expect(check(fleet.recorder.trace())).toEqual([]);
  });

  test('pause it there, cure that and resume: it is surveyed again, and ended', async () => {
    const fleet = await stuckInADrain(5);
    await say(fleet, 'pause');
    await until(fleet, () => logOf(fleet).list('order').length === 0);
    expect(runningIn(fleet)).toEqual({ releases: [NEW, OLD], cordoned: [], notReady: [] });
    await fleet.clock.advance(60_000);
    await say(fleet, 'resume');
    await until(fleet, () => rolloutsIn(fleet)[0]?.waiting?.reason === 'survey-passed');
    expect(rolloutsIn(fleet)[0]?.waiting?.message).toContain('PodDisruptionBudget default/web');
    budget(fleet, 1);
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
