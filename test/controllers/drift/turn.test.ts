import { describe, expect, test } from '@jest/globals';
import { rosterNow, whyNotNow } from '../../../src/controllers/drift/turn.ts';
import type { Deviation } from '../../../src/state/drift.ts';
import type { OrderTask } from '../../../src/state/order.ts';
import {
  assignment,
  controlPlaneAssignment,
  id,
  liveness,
  node,
  served,
} from '../../support/controllers-entries.ts';
import { createWorld, portsIn } from '../../support/controllers-ports.ts';
import type { FakeStore } from '../../support/controllers-store.ts';

const HEARD_MS = 10_000;

/** n1 to n3 are control planes and n4 is a worker, and all are whole. */
async function threeAndOne(store: FakeStore): Promise<void> {
  for (const number of [1, 2, 3, 4]) {
    const asked = number === 4 ? assignment(4) : controlPlaneAssignment(number);
    await store.set('node', id(number), node(number));
    await store.set('liveness', id(number), liveness(number));
    await store.set('assignment', id(number), asked);
    await store.set('status', id(number), served(asked));
  }
}

async function tells(store: FakeStore, number: number, differs: Partial<Deviation> = {}) {
  const deviation: Deviation = {
    item: 'manifest:etcd',
    message: 'changed',
    state: 'repairing',
    sinceWallMs: 0,
    ...differs,
  };
  await store.set('drift', id(number), {
    nodeId: id(number),
    incarnation: 1,
    deviations: [deviation],
  });
}

async function orders(store: FakeStore, number: number, task: OrderTask): Promise<void> {
  await store.set('order', id(number), {
    nodeId: id(number),
    incarnation: 1,
    term: 5,
    operationId: `${task}-${id(number)}-1`,
    task,
    planId: null,
    kubernetesVersion: 'v1.34.4',
    first: false,
    drains: false,
    sponsor: null,
  });
}

type Given = (store: FakeStore) => Promise<unknown>;

describe('a manifest of n1 is put back', () => {
  test.each<{ when: string; given: Given; toldForMs?: number; why: string | undefined }>([
    { when: 'all is well', given: (store) => tells(store, 1), why: undefined },
    {
      when: 'its word has stood for a moment only',
      given: (store) => tells(store, 1),
      toldForMs: HEARD_MS - 1,
      why: 'others may have been first',
    },
    {
      when: 'its word is not in the log',
      given: async () => undefined,
      why: 'the log has yet to hold what is to be done',
    },
    {
      when: 'another one told before',
      given: async (store) => {
        await tells(store, 3);
        await tells(store, 1);
      },
      why: 'another control plane puts one back, too',
    },
    {
      when: 'another one told later',
      given: async (store) => {
        await tells(store, 1);
        await tells(store, 2);
      },
      why: undefined,
    },
    {
      when: 'another one leaves its own alone',
      given: async (store) => {
        await tells(store, 2, { state: 'kept' });
        await tells(store, 3, { item: 'kubelet-config' });
        await tells(store, 1);
      },
      why: undefined,
    },
    {
      when: 'somebody told that is no control plane any more',
      given: async (store) => {
        await tells(store, 4);
        await tells(store, 1);
      },
      why: undefined,
    },
    {
      when: 'another API server does not answer',
      given: async (store) => {
        const status = served(controlPlaneAssignment(2));
        const kubernetes = { ...status.kubernetes, apiServerReady: false };
        await store.set('status', id(2), { ...status, kubernetes });
        await tells(store, 1);
      },
      why: 'the control plane on n2 is not whole',
    },
    {
      when: 'its own API server does not answer',
      given: async (store) => {
        const status = served(controlPlaneAssignment(1));
        const kubernetes = { ...status.kubernetes, apiServerReady: false };
        await store.set('status', id(1), { ...status, kubernetes });
        await tells(store, 1);
      },
      why: undefined,
    },
    {
      when: 'another control plane is dead',
      given: async (store) => {
        await store.set('liveness', id(2), liveness(2, { verdict: 'dead' }));
        await tells(store, 1);
      },
      why: 'the control plane on n2 is not whole',
    },
    {
      when: 'somebody joins',
      given: async (store) => {
        await store.set('node', id(5), node(5));
        await store.set('liveness', id(5), liveness(5));
        await store.set('assignment', id(5), assignment(5));
        await tells(store, 1);
      },
      why: 'n5 is changing its role',
    },
    {
      when: 'somebody failed to join, for good',
      given: async (store) => {
        await store.set('node', id(5), node(5));
        await store.set('liveness', id(5), liveness(5));
        await store.set('assignment', id(5), assignment(5));
        await store.set('status', id(5), { ...served(assignment(5)), phase: 'failed' });
        await tells(store, 1);
      },
      why: undefined,
    },
    {
      when: 'somebody died in the middle of a join',
      given: async (store) => {
        await store.set('node', id(5), node(5));
        await store.set('liveness', id(5), liveness(5, { verdict: 'dead' }));
        await store.set('assignment', id(5), assignment(5));
        await tells(store, 1);
      },
      why: undefined,
    },
    {
      when: 'a deposed leader wrote over what somebody may be in the middle of',
      given: async (store) => {
        const late = assignment(4, { term: 1, operationId: 'join-worker-late' });
        await store.set('leadership', 'current', { nodeId: id(1), incarnation: 1 });
        await store.set('assignment', id(4), late);
        await tells(store, 1);
      },
      why: 'n4 is changing its role',
    },
    {
      when: 'somebody departs',
      given: async (store) => {
        const retired = assignment(4, { task: 'retire', role: 'spare', operationId: 'retire-4' });
        await store.set('assignment', id(4), retired);
        await tells(store, 1);
      },
      why: 'n4 is changing its role',
    },
    {
      when: 'somebody is asked to change what runs',
      given: async (store) => {
        await orders(store, 4, 'upgrade-kubelet');
        await tells(store, 1);
      },
      why: 'n4 is asked to upgrade-kubelet',
    },
    {
      when: 'somebody is asked for what disturbs nobody',
      given: async (store) => {
        await orders(store, 4, 'prepare');
        await tells(store, 1);
      },
      why: undefined,
    },
  ])('when $when: $why', async ({ given, toldForMs = HEARD_MS, why }) => {
    const world = createWorld();
    await threeAndOne(world.store);
    await given(world.store);
    const ports = portsIn(world);
    expect(whyNotNow(ports, rosterNow(ports), { toldForMs })).toBe(why);
  });
});
