import { type FaultRow, fault, lab, none, simulated, test } from './fault-row.ts';

const NOT_YET_5 = 'Dead members are not replaced yet (issue 5).';
const NOT_YET_6 = 'There are no edits, upgrades and drains yet (issue 6).';

/** Faults 63 to 87: Kubernetes, edits, the load balancer and processes. */
export const clusterRows: readonly FaultRow[] = [
  {
    number: 63,
    fault: 'A kubelet hangs on a machine that lives',
    invariants: ['S20'],
    cases: [none(NOT_YET_5)],
  },
  {
    number: 64,
    fault: 'An API server that refuses, fails or hangs',
    invariants: ['S5', 'L12'],
    cases: [test('adapters/kubernetes-client', 'an API server that says $status: $code')],
  },
  {
    number: 65,
    fault: 'The API says that a node is gone, its agent says that it is there',
    invariants: ['S20'],
    cases: [none(NOT_YET_5)],
  },
  {
    number: 66,
    fault: 'A drain that a budget or a finalizer blocks',
    invariants: ['S6', 'S21'],
    cases: [none(NOT_YET_6)],
  },
  {
    number: 67,
    fault: 'etcd loses its quorum',
    invariants: ['S5', 'S11', 'S26'],
    cases: [
      simulated('two of three control planes are off, and nothing is changed', {
        mode: 'safety',
        nodes: 5,
        faults: [fault('power-cut', [60, 120], ['n1', 'n2', 'n3'])],
      }),
      test('simulation/power-and-network', 'has no API and changes nothing when two of three'),
    ],
  },
  {
    number: 68,
    fault: 'etcd has no space left',
    invariants: ['S5'],
    cases: [test('simulation/etcd-members', 'with NOSPACE takes no writes')],
  },
  {
    number: 69,
    fault: 'All machines are rebooted at once',
    invariants: ['S13', 'L8'],
    cases: [
      simulated('the same cluster, and nothing done to it', {
        mode: 'whole',
        nodes: 5,
        faults: [fault('all-power-cut', [80, 5], [])],
      }),
      test('simulation/whole-cluster/power', 'is the same cluster when they are back'),
    ],
  },
  {
    number: 70,
    fault: 'A control plane dies for good while another is upgraded',
    invariants: ['S6', 'S20'],
    cases: [none(NOT_YET_6)],
  },
  {
    number: 71,
    fault: 'Two control planes of five die within ten seconds',
    invariants: ['S5', 'S20'],
    cases: [none(NOT_YET_5)],
  },
  {
    number: 72,
    fault: 'There is nobody to promote',
    invariants: ['S26', 'L12'],
    cases: [
      simulated('one of three control planes is off, and there is no worker: nothing is done', {
        mode: 'safety',
        nodes: 3,
        faults: [fault('power-cut', [60, 120], ['n1'])],
      }),
    ],
  },
  {
    number: 73,
    fault: 'A machine dies while it is promoted',
    invariants: ['S5', 'L6'],
    cases: [none(NOT_YET_5)],
  },
  {
    number: 74,
    fault: 'A spec with wrong syntax, fields or types',
    invariants: ['S18', 'L13'],
    cases: [
      test('process/bad-spec', 'a --spec file is refused, with exit code 2, when'),
      none('Edits of a running cluster: issue 6.'),
    ],
  },
  {
    number: 75,
    fault: 'A spec that contradicts itself',
    invariants: ['S18'],
    cases: [test('process/bad-spec', 'a cluster that can not be is refused by field and cure')],
  },
  {
    number: 76,
    fault: 'A downgrade, a skipped minor, a version that does not exist',
    invariants: ['S7', 'S18'],
    cases: [none(NOT_YET_6)],
  },
  {
    number: 77,
    fault: 'A second edit while an upgrade runs',
    invariants: ['S6', 'S8'],
    cases: [none(NOT_YET_6)],
  },
  {
    number: 78,
    fault: 'Two edits at one time',
    invariants: ['S8'],
    cases: [none(NOT_YET_6)],
  },
  {
    number: 79,
    fault: 'The leader dies right after an edit was confirmed',
    invariants: ['S8'],
    cases: [test('adapters/jetstream-failures', 'loses no acknowledged write'), none(NOT_YET_6)],
  },
  {
    number: 80,
    fault: 'Control planes 3, 1, 3, 5, 3',
    invariants: ['S5', 'S6'],
    cases: [none(NOT_YET_5)],
  },
  {
    number: 81,
    fault: 'Ten edits a second',
    invariants: ['L12'],
    cases: [none(NOT_YET_6)],
  },
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
    cases: [none('Not tried.')],
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
