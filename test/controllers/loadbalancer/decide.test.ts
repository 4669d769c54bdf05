import { describe, expect, test } from '@jest/globals';
import { decide, type Observed } from '../../../src/controllers/loadbalancer/decide.ts';
import type { BalancerServer } from '../../../src/ports/balancer.ts';
import type { Order } from '../../../src/state/order.ts';
import type { Status } from '../../../src/state/status.ts';
import {
  assignment,
  controlPlaneAssignment,
  id,
  initAssignment,
  node,
  served,
  status,
} from '../../support/controllers-entries.ts';

function server(number: number, overrides: Partial<BalancerServer> = {}): BalancerServer {
  return {
    name: id(number),
    address: `10.0.0.${number}`,
    port: 6_443,
    preferred: false,
    ...overrides,
  };
}
const own = server(4, { preferred: true });

/** Seen from n4, a worker, in a cluster of the control planes n1 and n2; its balancer knows both. */
const converged: Observed = {
  self: id(4),
  settled: true,
  nodes: [node(1), node(2), node(4)],
  assignments: [initAssignment(1), controlPlaneAssignment(2), assignment(4)],
  statuses: [served(initAssignment(1)), served(controlPlaneAssignment(2)), served(assignment(4))],
  running: true,
  servers: [server(2), server(1)],
  fileServers: [server(2), server(1)],
};
const both = [server(1), server(2)];
const emptyLog = { nodes: [], assignments: [], statuses: [] };
const notYet = status(2, { phase: 'installing' });
const readyFirst: Status = {
  ...notYet,
  kubernetes: { ...notYet.kubernetes, apiServerReady: true },
};

function order(number: number, task: Order['task']): Order {
  return {
    nodeId: id(number),
    incarnation: 1,
    term: 5,
    operationId: `${task}-${id(number)}-1`,
    task,
    planId: 'upgrade-v1-34-4-9',
    kubernetesVersion: 'v1.34.4',
    first: false,
    drains: false,
    sponsor: null,
  };
}

interface Row {
  when: string;
  observed: Partial<Observed>;
  actions: readonly unknown[];
}

describe('loadbalancer.decide', () => {
  test.each<Row>([
    { when: 'all is as it should be', observed: {}, actions: [] },
    {
      when: 'a control plane is about to be upgraded',
      observed: { orders: [order(2, 'upgrade-control-plane')] },
      actions: [
        { type: 'remove-server', name: id(2) },
        { type: 'write-file', servers: [server(1)] },
      ],
    },
    {
      when: 'every control plane there is has an order',
      observed: { orders: [order(1, 'reconfigure'), order(2, 'renew-certificates')] },
      actions: [],
    },
    {
      when: 'the order touches no API server, or was given to an earlier life of the node',
      observed: {
        orders: [order(1, 'prepare'), { ...order(2, 'upgrade-kubelet'), incarnation: 7 }],
      },
      actions: [],
    },
    {
      when: 'the process does not run',
      observed: { running: false, servers: [] },
      actions: [{ type: 'install', servers: both }],
    },
    {
      when: 'no control plane serves yet',
      observed: { running: false, servers: [], fileServers: [], assignments: [], statuses: [] },
      actions: [],
    },
    {
      when: 'a control plane is new',
      observed: { servers: [server(1)], fileServers: [server(1)] },
      actions: [
        { type: 'add-server', server: server(2) },
        { type: 'write-file', servers: both },
      ],
    },
    {
      when: 'only the file is behind',
      observed: { fileServers: [server(1)] },
      actions: [{ type: 'write-file', servers: both }],
    },
    {
      when: 'a control plane is still joining',
      observed: {
        statuses: [served(initAssignment(1)), notYet],
        servers: [server(1)],
        fileServers: [server(1)],
      },
      actions: [],
    },
    {
      when: 'the API server of a joining control plane is ready before the rest',
      observed: {
        statuses: [served(initAssignment(1)), readyFirst],
        servers: [server(1)],
        fileServers: [server(1)],
      },
      actions: [
        { type: 'add-server', server: server(2) },
        { type: 'write-file', servers: both },
      ],
    },
    {
      when: 'a new control plane has not reported',
      observed: {
        statuses: [served(initAssignment(1))],
        servers: [server(1)],
        fileServers: [server(1)],
      },
      actions: [],
    },
    {
      when: 'a new control plane reported in an earlier incarnation',
      observed: {
        nodes: [node(1), node(2, { incarnation: 2 })],
        servers: [server(1)],
        fileServers: [server(1)],
      },
      actions: [],
    },
    {
      when: 'the API server of a control plane went down',
      observed: { statuses: [served(initAssignment(1)), notYet] },
      actions: [],
    },
    {
      when: 'this node is to become the first control plane',
      observed: {
        assignments: [initAssignment(4)],
        statuses: [],
        running: false,
        servers: [],
        fileServers: [],
      },
      actions: [{ type: 'install', servers: [own] }],
    },
    {
      when: 'this node joins as control plane',
      observed: {
        assignments: [initAssignment(1), controlPlaneAssignment(2), controlPlaneAssignment(4)],
      },
      actions: [
        { type: 'add-server', server: own },
        { type: 'write-file', servers: [...both, own] },
      ],
    },
    {
      when: 'a control plane became a worker',
      observed: { assignments: [initAssignment(1), assignment(2), assignment(4)] },
      actions: [
        { type: 'remove-server', name: id(2) },
        { type: 'write-file', servers: [server(1)] },
      ],
    },
    {
      when: 'one control plane takes the place of another',
      observed: { servers: [server(1), server(3)], fileServers: [server(1), server(3)] },
      actions: [
        { type: 'add-server', server: server(2) },
        { type: 'remove-server', name: id(3) },
        { type: 'write-file', servers: both },
      ],
    },
    {
      when: 'a control plane changed its address',
      observed: { nodes: [node(1), node(2, { addresses: ['10.0.0.22'] })] },
      actions: [
        { type: 'remove-server', name: id(2) },
        { type: 'add-server', server: server(2, { address: '10.0.0.22' }) },
        { type: 'write-file', servers: [server(1), server(2, { address: '10.0.0.22' })] },
      ],
    },
    {
      when: 'a control plane is assigned but its enrolment is not in the copy',
      observed: { nodes: [node(1)], servers: both, fileServers: both },
      actions: [],
    },
    {
      when: 'a control plane that was never listed is not enrolled',
      observed: { nodes: [node(1)], servers: [server(1)], fileServers: [server(1)] },
      actions: [],
    },
    {
      when: 'this node is to be a control plane before its own enrolment is in the copy',
      observed: {
        ...emptyLog,
        assignments: [initAssignment(4)],
        running: false,
        servers: [],
        fileServers: [],
      },
      actions: [],
    },
    {
      when: 'the log was not read yet at boot',
      observed: { ...emptyLog, settled: false, running: false, servers: [] },
      actions: [{ type: 'install', servers: both }],
    },
    {
      when: 'the log was not read yet and the process runs',
      observed: { ...emptyLog, settled: false },
      actions: [],
    },
    {
      when: 'the copy is not settled and has only some of the servers',
      observed: { assignments: [initAssignment(1)], settled: false },
      actions: [],
    },
    {
      when: 'the log knows of no control plane any more',
      observed: { assignments: [assignment(1), assignment(2), assignment(4)] },
      actions: [],
    },
  ])('when $when', ({ observed, actions }) => {
    expect(decide({ ...converged, ...observed })).toEqual(actions);
  });

  test('takes no notice of what only the process knows', () => {
    const servers = both.map((listed) => ({ ...listed, up: true }));
    expect(decide({ ...converged, servers })).toEqual([]);
  });
});
