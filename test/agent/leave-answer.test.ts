import { expect, test } from '@jest/globals';
import { leaveAnswer } from '../../src/agent/leave-answer.ts';
import type { BalancerView } from '../../src/ports/balancer.ts';
import type { PodNetworkView } from '../../src/ports/pod-network.ts';
import { assignment, genesisRecord, id, node, status } from '../support/controllers-entries.ts';
import { FakeStore } from '../support/controllers-store.ts';

const retire = assignment(4, { operationId: 'retire-1', task: 'retire', role: 'spare' });
const waiting = { reason: 'draining', message: 'web-0 may not be evicted', sinceWallMs: 5 };

interface Host {
  readonly cniPodCidr?: string;
  readonly running?: boolean;
}

/** The host of n4, whose HAProxy sends requests to n1. */
function around({ cniPodCidr, running = false }: Host) {
  const server = { name: id(1), address: '10.0.0.1', port: 6443, preferred: false, up: true };
  const balancing: BalancerView = { running: true, servers: [server], fileServers: [] };
  const pods: PodNetworkView = {
    routes: [],
    cniPodCidr: cniPodCidr ?? null,
    masqueradeFor: null,
    linkNetworks: [],
  };
  return {
    self: { nodeId: id(4) },
    record: () => genesisRecord(),
    balancer: { observe: async () => balancing },
    podNetwork: { observe: async () => pods },
    replicaServers: { observe: async () => [{ serverName: `${id(4)}-1`, running }] },
  };
}

async function retiring(): Promise<FakeStore> {
  const store = new FakeStore();
  await store.set('node', id(4), node(4));
  await store.set('assignment', id(4), retire);
  await store.set('status', id(4), status(4, { phase: 'spare', operationId: 'retire-1' }));
  return store;
}

const departure = {
  nodeId: id(4),
  incarnation: 1,
  operationId: 'retire-1',
  by: id(1),
  state: 'under-way' as const,
  waiting,
};

test('a departure under way is told from the log and from the host', async () => {
  const store = await retiring();
  await store.set('departure', id(4), departure);
  const view = await leaveAnswer(store, around({ cniPodCidr: '10.244.4.0/24', running: true }));
  const open = view.items.filter(({ done }) => !done).map(({ name }) => name);
  expect({ ...view, items: open }).toEqual({
    hostname: 'n4',
    asked: false,
    revision: 4,
    items: ['etcd member', 'Node', 'replica of the log', 'load balancers', 'CNI', 'host'],
    waiting: 'web-0 may not be evicted',
  });
});

test('a departure is over when the sponsor saw that all is gone, and the host shows nothing', async () => {
  const store = await retiring();
  await store.set('departure', id(4), { ...departure, state: 'done', waiting: null });
  const view = await leaveAnswer(store, around({}));
  expect(view.items.every(({ done }) => done)).toBe(true);
  expect(view.waiting).toBeNull();
});

test('a machine that is not enrolled has nothing to leave', async () => {
  await expect(leaveAnswer(new FakeStore(), around({}))).rejects.toMatchObject({
    code: 'leave.not-enrolled',
  });
});
