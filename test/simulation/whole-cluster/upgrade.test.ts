import { describe, expect, jest, test } from '@jest/globals';
import { check } from '../../../src/simulation/checker/check.ts';
import type { Fleet } from '../../../src/simulation/fleet/fleet.ts';
import type { Machine } from '../../../src/simulation/fleet/machine.ts';
import type { Role } from '../../../src/state/assignment.ts';
import { SINGLETON } from '../../../src/state/kinds.ts';
import { spec } from '../../support/controllers-entries.ts';
import { logOf } from '../../support/fleet-log.ts';
import { editSpec } from '../../support/fleet-orders.ts';
import {
  fleetOf,
  hasRole,
  rolloutsIn,
  runningIn,
  toldReleases,
  until,
  untilAllAre,
  untilAtWork,
  untilRolledOut,
  wantLast,
} from '../../support/fleet-upgrades.ts';

jest.setTimeout(240_000);

describe('an edit of the release brings every node there', () => {
  test.each([
    { name: 'a patch', nodes: 5, releases: ['v1.34.3', 'v1.34.4'] },
    { name: 'a minor release', nodes: 5, releases: ['v1.33.13', 'v1.34.4'] },
    { name: 'two minor releases', nodes: 4, releases: ['v1.33.13', 'v1.34.4', 'v1.35.1'] },
    { name: 'one node alone', nodes: 1, releases: ['v1.33.13', 'v1.34.4'] },
    {
      name: 'one control plane with workers',
      nodes: 3,
      planes: 1,
      releases: ['v1.34.3', 'v1.34.4'],
    },
  ])('$name', async ({ nodes, releases, planes = nodes === 1 ? 1 : 3 }) => {
    const options = { spec: { controlPlanes: planes as 1 | 3 } };
    const fleet = await fleetOf({ nodes, seed: 1, releases, options });
    await wantLast(fleet, releases);
    await untilRolledOut(fleet);
    await fleet.clock.advance(30_000);

    const target = releases.at(-1) ?? '';
    const log = logOf(fleet);
    expect(runningIn(fleet)).toEqual({ releases: [target], cordoned: [], notReady: [] });
    expect(toldReleases(fleet)).toEqual([target]);
    expect(rolloutsIn(fleet).map(({ state }) => state)).toEqual(['done']);
    expect(log.get('release', SINGLETON)?.value).toMatchObject({
      controlPlane: target,
      kubelet: target,
      heldBy: null,
    });
    expect(log.list('order')).toEqual([]);

    fleet.recorder.note('*', { type: 'script.settled' });
    await fleet.clock.advance(120_000);
    fleet.end();
    expect(check(fleet.recorder.trace())).toEqual([]);
  });
});

describe('while a cluster is upgraded', () => {
  const releases = ['v1.33.13', 'v1.34.4'];
  const [, target = ''] = releases;

  test('workers go two at a time where two may, and their pods move before', async () => {
    const upgrade = { ...spec().upgrade, maxUnavailable: 2 };
    const fleet = await fleetOf({ nodes: 8, seed: 2, releases, options: { spec: { upgrade } } });
    const pods = { kind: 'Deployment', name: 'web', replicas: 6 } as const;
    fleet.world.applyWorkload(machineWith(fleet, 'control-plane').hostname, pods);
    await fleet.clock.advance(30_000);
    await editSpec(fleet, { kubernetesVersion: target });
    let most = 0;
    await until(fleet, () => {
      most = Math.max(
        most,
        logOf(fleet)
          .list('order')
          .filter(({ value }) => value.drains).length,
      );
      return rolloutsIn(fleet).some(({ state }) => state === 'done');
    });
    fleet.end();
    expect({ most, ...runningIn(fleet) }).toEqual({
      most: 2,
      releases: [target],
      cordoned: [],
      notReady: [],
    });
    expect(check(fleet.recorder.trace())).toEqual([]);
  });

  test('a newcomer waits until the control planes are alike, and joins as what they are', async () => {
    const fleet = await fleetOf({ nodes: 4, seed: 3, releases });
    await wantLast(fleet, releases);
    await untilAtWork(fleet, 'upgrade-control-plane');
    const newcomer = fleet.addMachine();
    await fleet.clock.advance(60_000);
    const { nodeId } = newcomer.node();
    expect(logOf(fleet).get('node', nodeId)).toBeDefined();
    expect(logOf(fleet).get('assignment', nodeId)).toBeUndefined();

    await untilRolledOut(fleet);
    await untilAllAre(fleet, target);
    await fleet.clock.advance(120_000);
    fleet.end();
    expect(logOf(fleet).get('assignment', nodeId)?.value).toMatchObject({
      role: 'worker',
      kubernetesVersion: target,
    });
    expect(runningIn(fleet)).toEqual({ releases: [target], cordoned: [], notReady: [] });
    expect(check(fleet.recorder.trace())).toEqual([]);
  });

  test('a node that people want drained is given to them first, and upgraded when they are done', async () => {
    const fleet = await fleetOf({ nodes: 5, seed: 4, releases });
    await wantLast(fleet, releases);
    await untilAtWork(fleet, 'upgrade-control-plane');
    const { nodeId, incarnation } = machineWith(fleet, 'worker').node();
    const request = { type: 'drain', nodeId, incarnation, askedWallMs: 0 } as const;
    await fleet.clock.drive(logOf(fleet).put('request', nodeId, request, 0));
    await until(fleet, () => logOf(fleet).get('drain', nodeId)?.value.state === 'drained');
    const before = rolloutsIn(fleet).map(({ steps }) => steps.length);
    await fleet.clock.advance(600_000);
    expect(rolloutsIn(fleet).map(({ steps }) => steps.length)).toEqual(before);

    const asked = logOf(fleet).get('request', nodeId)?.revision ?? 0;
    await fleet.clock.drive(logOf(fleet).remove('request', nodeId, asked));
    await untilRolledOut(fleet);
    await fleet.clock.advance(30_000);
    fleet.end();
    expect(runningIn(fleet)).toEqual({ releases: [target], cordoned: [], notReady: [] });
    expect(check(fleet.recorder.trace())).toEqual([]);
  });
});

function machineWith(fleet: Fleet, role: Role): Machine {
  const found = fleet.machines.find(hasRole(fleet, role));
  if (!found) throw new RangeError(`nobody is a ${role}`);
  return found;
}
