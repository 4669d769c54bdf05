import { describe, expect, test } from '@jest/globals';
import { lostKubelets } from '../../../src/controllers/handover/lost-kubelets.ts';
import type { ClockSight } from '../../../src/state/clock-agreement.ts';
import { kubeletHandover } from '../../../src/state/kubelet-credentials.ts';
import {
  assignment,
  controlPlaneAssignment,
  id,
  liveness,
  node,
  served,
} from '../../support/controllers-entries.ts';
import { createWorld, portsIn, type World } from '../../support/controllers-ports.ts';

const OVER_MS = 1_000;
const NOW_MS = 2_000;

/** n1 and n2 are control planes, n3 is a worker whose kubelet lost its certificate. */
async function scene(overMs = OVER_MS): Promise<World> {
  const world = createWorld();
  world.nowMs = NOW_MS;
  const { store } = world;
  for (const number of [1, 2, 3]) {
    const asked = number < 3 ? controlPlaneAssignment(number) : assignment(number);
    await store.set('node', id(number), node(number));
    await store.set('assignment', id(number), asked);
    await store.set('status', id(number), served(asked));
    await store.set('certificates', id(number), {
      nodeId: id(number),
      incarnation: 1,
      leaves: [
        { name: 'kubelet', notBeforeWallMs: 0, notAfterWallMs: number === 3 ? overMs : 9_000 },
      ],
      work: null,
    });
  }
  return world;
}

function seenBy(number: number, world: World, clocks: readonly ClockSight[] = []) {
  const self = { nodeId: id(number), incarnation: 1, record: node(number) };
  const observers = { reports: () => [], clocks: () => clocks, roundTripMs: () => undefined };
  return lostKubelets(portsIn(world, { self, observers })).map(({ nodeId }) => nodeId);
}

/** The API server of n1. */
async function fallSilent({ store }: World): Promise<void> {
  const status = served(controlPlaneAssignment(1));
  const kubernetes = { ...status.kubernetes, apiServerReady: false };
  await store.set('status', id(1), { ...status, kubernetes });
}

describe('a kubelet that lost its certificate', () => {
  test('is seen to by the first control plane alone', async () => {
    const world = await scene();
    expect([seenBy(1, world), seenBy(2, world), seenBy(3, world)]).toEqual([[id(3)], [], []]);
  });

  test('is seen to by the next one once the first is dead', async () => {
    const world = await scene();
    await world.store.set('liveness', id(1), liveness(1, { verdict: 'dead' }));
    expect(seenBy(2, world)).toEqual([id(3)]);
  });

  test('is seen to by the next one while the API server of the first does not answer', async () => {
    const world = await scene();
    await fallSilent(world);
    expect([seenBy(1, world), seenBy(2, world)]).toEqual([[], [id(3)]]);
  });

  test('is seen to by whoever gave it a token, also once the first answers', async () => {
    const world = await scene();
    await world.store.set('handover', id(3), {
      nodeId: id(3),
      operationId: kubeletHandover(id(3)),
      attempt: 1,
      sponsor: id(2),
      tokenId: 'abcdef',
      expiresWallMs: 9_000,
      sealed: { ephemeralKey: '', nonce: '', ciphertext: '' },
    });
    expect([seenBy(1, world), seenBy(2, world)]).toEqual([[], [id(3)]]);
  });

  test('gets nothing by a clock that others contradict', async () => {
    const clocks = [id(2), id(3)].map((nodeId) => ({ nodeId, aheadMs: -31_557_600_000 }));
    expect(seenBy(1, await scene(), clocks)).toEqual([]);
  });

  test('gets nothing while its certificate is good, or its node is dead or another by now', async () => {
    const dead = await scene();
    await dead.store.set('liveness', id(3), liveness(3, { verdict: 'dead' }));
    const another = await scene();
    await another.store.set('node', id(3), node(3, { incarnation: 2 }));
    expect([seenBy(1, await scene(9_000)), seenBy(1, dead), seenBy(1, another)]).toEqual([
      [],
      [],
      [],
    ]);
  });
});
