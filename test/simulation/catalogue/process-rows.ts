import { type FaultRow, fault, lab, simulated, test } from './fault-row.ts';

/** Faults 82 to 87: the load balancer, the log and the agent as processes. */
export const processRows: readonly FaultRow[] = [
  {
    number: 82,
    fault: 'HAProxy is dead, or its configuration invalid',
    invariants: ['L11'],
    cases: [
      test('adapters/haproxy-unit', 'that stopped is started again'),
      test('adapters/haproxy-unit', 'that does not start says where to look'),
    ],
  },
  {
    number: 83,
    fault: 'Fifty changes of control planes under long connections',
    invariants: ['L11'],
    cases: [
      test('adapters/haproxy-balancer', 'breaks no connection of another server'),
      test('adapters/haproxy-balancer', 'short requests never fail while servers come and go'),
    ],
  },
  {
    number: 84,
    fault: 'nats-server dies, is too old or confirms before it wrote',
    invariants: ['S8'],
    cases: [
      simulated('replicas are stopped on every machine, one after the other', {
        mode: 'whole',
        nodes: 3,
        faults: [
          fault('replica-stopped', [60, 10], ['n1']),
          fault('replica-stopped', [80, 10], ['n2']),
          fault('replica-stopped', [100, 10], ['n3']),
        ],
      }),
      test('adapters/nats-process-replicas', 'that would confirm what is not on disk is unfit'),
      test('adapters/nats-server-binary', 'takes the cached one when that on PATH is too old'),
    ],
  },
  {
    number: 85,
    fault: 'The agent is killed for its memory',
    invariants: ['L3', 'S24'],
    cases: [
      simulated('again and again while the cluster forms', {
        mode: 'whole',
        nodes: 3,
        faults: [
          fault('agent-killed', [3, 1], ['n1']),
          fault('agent-killed', [8, 1], ['n2']),
          fault('agent-killed', [14, 1], ['n1', 'n3']),
          fault('agent-killed', [22, 1], ['n2']),
        ],
      }),
      lab('killed-agents', 'found one cluster with one kubeadm init'),
    ],
  },
  {
    number: 86,
    fault: 'Nobody reads the log lines of the agent',
    invariants: ['L3'],
    cases: [test('process/unread-log', 'founds its cluster, serves and ends when it is told to')],
  },
  {
    number: 87,
    fault: 'SIGTERM at any moment',
    invariants: ['L4'],
    cases: [
      simulated('during the formation, one after the other', {
        mode: 'whole',
        nodes: 3,
        faults: [
          fault('agent-stopped', [3, 2], ['n1']),
          fault('agent-stopped', [9, 2], ['n2']),
          fault('agent-stopped', [16, 2], ['n3']),
        ],
      }),
      test('simulation/whole-cluster/quiet', 'is told of nothing but its leader'),
    ],
  },
];
