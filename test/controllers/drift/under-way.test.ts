import { describe, expect, test } from '@jest/globals';
import { standing } from '../../../src/controllers/drift/under-way.ts';
import { FIRST_PROGRESS, writeProgress } from '../../../src/machines/operation-progress.ts';
import type { HostFiles } from '../../../src/ports/host-files.ts';
import type { Order } from '../../../src/state/order.ts';
import type { OrderReport } from '../../../src/state/order-report.ts';
import { assignment, id, node, operation, served } from '../../support/controllers-entries.ts';
import { createWorld, portsIn } from '../../support/controllers-ports.ts';
import type { FakeStore } from '../../support/controllers-store.ts';

const ASKED = assignment(1);
const ORDER_ID = 'upgrade-kubelet-1';

async function serve(store: FakeStore): Promise<void> {
  const snapshot = writeProgress({ ...FIRST_PROGRESS, state: 'succeeded' });
  const { operationId } = ASKED;
  await store.set('node', id(1), node(1));
  await store.set('assignment', id(1), ASKED);
  await store.set('operation', operationId, operation(1, { operationId, snapshot }));
  await store.set('status', id(1), served(ASKED));
}

function order(task: Order['task']): Order {
  return {
    nodeId: id(1),
    incarnation: 1,
    term: 5,
    operationId: ORDER_ID,
    task,
    planId: null,
    kubernetesVersion: 'v1.34.4',
    first: false,
    drains: false,
    sponsor: null,
  };
}

async function tellWork(store: FakeStore, differs: Partial<OrderReport>): Promise<void> {
  const none = null;
  await store.set('upkeep', id(1), {
    nodeId: id(1),
    incarnation: 1,
    parts: {
      kubelet: none,
      apiServer: none,
      controllerManager: none,
      scheduler: none,
      etcd: none,
      cluster: none,
    },
    prepared: [],
    configurationDigest: null,
    work: {
      operationId: ORDER_ID,
      task: 'upgrade-kubelet',
      step: 'runs',
      state: 'under-way',
      reason: null,
      waiting: null,
      startedWallMs: 0,
      ...differs,
    },
  });
}

interface Case {
  readonly when: string;
  readonly given: (store: FakeStore) => Promise<unknown>;
  readonly parked?: readonly string[];
  readonly is: string;
}

describe('a host', () => {
  test.each<Case>([
    { when: 'that serves', given: async () => undefined, is: 'serving' },
    {
      when: 'whose boot is not over',
      given: async () => undefined,
      parked: ['etcd.yaml'],
      is: 'not-serving',
    },
    {
      when: 'that was asked nothing',
      given: (store) => store.remove('assignment', id(1)),
      is: 'not-serving',
    },
    {
      when: 'whose assignment is for a life before',
      given: (store) => store.set('assignment', id(1), { ...ASKED, incarnation: 2 }),
      is: 'not-serving',
    },
    {
      when: 'that stands by',
      given: (store) =>
        store.set('assignment', id(1), { ...ASKED, role: 'spare', task: 'stand-by' }),
      is: 'not-serving',
    },
    {
      when: 'that changes its role',
      given: (store) => store.set('assignment', id(1), { ...ASKED, operationId: 'promote-1' }),
      is: 'under-way promote-1',
    },
    {
      when: 'that has yet to say that it serves',
      given: (store) => store.remove('status', id(1)),
      is: 'under-way undefined',
    },
    {
      when: 'with an order that it has not begun',
      given: (store) => store.set('order', id(1), order('upgrade-kubelet')),
      is: `under-way ${ORDER_ID}`,
    },
    {
      when: 'with an order that is done',
      given: async (store) => {
        await store.set('order', id(1), order('upgrade-kubelet'));
        await tellWork(store, { state: 'done' });
      },
      is: 'serving',
    },
    {
      when: 'that goes on with an order that nobody gives any more',
      given: (store) => tellWork(store, {}),
      is: `under-way ${ORDER_ID}`,
    },
    {
      when: 'with an order that touches nothing',
      given: async (store) => {
        await store.set('order', id(1), order('prepare'));
        await tellWork(store, { task: 'prepare' });
      },
      is: 'serving',
    },
  ])('$when is $is', async ({ given, parked = [], is }) => {
    const world = createWorld();
    await serve(world.store);
    await given(world.store);
    const files = { list: async () => parked } as unknown as HostFiles;
    const stand = await standing(portsIn(world, { files }));
    const pending = stand.state === 'under-way' ? ` ${stand.pending}` : '';
    expect(`${stand.state}${pending}`).toBe(is);
  });
});
