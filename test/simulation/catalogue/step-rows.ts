import { type FaultRow, fault, killedAt, lab, none, simulated, test } from './fault-row.ts';

const UPGRADED = { mode: 'whole', nodes: 3, upgradeTo: 'v1.35.1' } as const;
/** Agents die at calls until all faults are over. */
const MEANWHILE = fault('messages-doubled', [60, 240], ['n1']);
const TWO_LEAVE = [fault('leave-asked', [60, 30], ['n1']), fault('leave-asked', [60, 30], ['n4'])];

/** Faults 11 to 23: between the steps of what is done to a cluster. */
export const stepRows: readonly FaultRow[] = [
  {
    number: 11,
    fault: 'A crash in any phase of kubeadm init',
    invariants: ['S2', 'S24'],
    cases: [
      test('controllers/kubeadm/faults', 'founds one cluster though the power failed at $phase'),
      test('simulation/whole-cluster/lost-files', 'leaves a whole cluster founded by one host'),
    ],
  },
  {
    number: 12,
    fault: 'The agent dies between the end of init and its entry in the log',
    invariants: ['S2', 'S24'],
    cases: [
      test('simulation/whole-cluster/crash-between-actions', 'goes on from what it finds: $what'),
      lab('killed-agents', 'found one cluster with one kubeadm init'),
    ],
  },
  {
    number: 13,
    fault: 'kubeadm init fails again and again',
    invariants: ['S2', 'L12'],
    cases: [test('controllers/kubeadm/faults', 'gives up after five attempts, says why')],
  },
  {
    number: 14,
    fault: 'A crash right before or after the member of a joining control plane was added',
    invariants: ['S5'],
    cases: [
      simulated('power fails on a joining control plane as a phase begins', {
        mode: 'whole',
        nodes: 3,
        faults: [
          fault('power-cut-in-phase', [18, 5], ['n1']),
          fault('power-cut-in-phase', [18, 5], ['n2']),
          fault('power-cut-in-phase', [18, 5], ['n3']),
        ],
      }),
      test('controllers/kubeadm/faults', 'leaves no member behind'),
    ],
  },
  {
    number: 15,
    fault: 'A learner never starts, or is not promoted',
    invariants: ['S5', 'L12'],
    cases: [
      test('simulation/etcd-join', 'a learner that does not start is given up, and stays'),
      test('simulation/whole-cluster/failing-host', 'is tried again, never refused'),
      test('simulation/whole-cluster/learners', 'is promoted once it is in sync, and its join'),
      test('simulation/whole-cluster/learners', 'is dropped after a minute by one control plane'),
    ],
  },
  {
    number: 16,
    fault: 'A join ends well, and its Node never becomes Ready',
    invariants: ['S20', 'L6'],
    cases: [
      test('simulation/whole-cluster/silent-kubelets', 'when its join ended well and its Node'),
      none('Its place goes to nobody else, as its agent lives: `civitas status` names it.'),
    ],
  },
  {
    number: 17,
    fault: 'A join ends badly although all was done',
    invariants: ['S24'],
    cases: [
      simulated('what is there counts, not the exit code', {
        mode: 'whole',
        nodes: 3,
        faults: [fault('kubeadm-fails', [5, 0], ['n1', 'n2', 'n3'], 0.8005)],
      }),
      test(
        'controllers/kubeadm/faults',
        'serves after one init when kubeadm fails although all was done',
      ),
    ],
  },
  {
    number: 18,
    fault: 'A crash around a drain',
    invariants: ['S6'],
    cases: [
      simulated('a worker and a control plane leave, and whoever cordons first dies', {
        mode: 'whole',
        nodes: 5,
        faults: [...TWO_LEAVE, killedAt(59, 'kube.setUnschedulable')],
      }),
      simulated('whoever evicts first dies', {
        mode: 'whole',
        nodes: 5,
        seed: 2,
        faults: [...TWO_LEAVE, killedAt(59, 'kube.evict')],
      }),
      simulated('whoever deletes a Node first dies', {
        mode: 'whole',
        nodes: 5,
        faults: [...TWO_LEAVE, killedAt(59, 'kube.deleteNode')],
      }),
      test('controllers/departure/crash', 'leaves the rest to another one: $what'),
      test('controllers/departure/leave', 'takes pods again when it is to stay after all, $what'),
    ],
  },
  {
    number: 19,
    fault: 'A crash around kubeadm reset',
    invariants: ['S17', 'S24'],
    cases: [
      simulated('agents die around the reset after a failed join', {
        mode: 'whole',
        nodes: 3,
        faults: [
          fault('kubeadm-fails', [5, 0], ['n1', 'n2', 'n3'], 0.45),
          killedAt(33, 'operations.start reset'),
        ],
      }),
      test('simulation/whole-cluster/crash-between-actions', 'goes on from what it finds: $what'),
    ],
  },
  {
    number: 20,
    fault: 'A crash between the removal of a member and the reset of its host',
    invariants: ['S5', 'S24'],
    cases: [
      simulated('whoever removes the member of a control plane that leaves dies', {
        mode: 'whole',
        nodes: 5,
        faults: [...TWO_LEAVE, killedAt(59, 'etcd.removeMember')],
      }),
      simulated('the control plane that left dies as it is about to clean itself', {
        mode: 'whole',
        nodes: 5,
        faults: [...TWO_LEAVE, killedAt(59, 'operations.start reset')],
      }),
      test('controllers/departure/crash', 'leaves the rest to another one: $what'),
      test(
        'controllers/kubeadm/role-change-crashes',
        'at any action of one, before or after it took effect, comes to the same end: $task',
      ),
    ],
  },
  {
    number: 21,
    fault: 'A crash at any step of an upgrade',
    invariants: ['S6', 'S7', 'S24'],
    cases: [
      simulated('whoever is about to stop its static pods dies', {
        ...UPGRADED,
        faults: [MEANWHILE, killedAt(60, 'host.stopStaticPods')],
      }),
      simulated('whoever is about to start the kubelet of the release dies', {
        ...UPGRADED,
        faults: [MEANWHILE, killedAt(60, 'host.linkKubernetes')],
      }),
      simulated('the leader dies as it gives an order', {
        ...UPGRADED,
        faults: [MEANWHILE, killedAt(60, 'log.write order')],
      }),
      simulated('the leader dies between a step that is done and its entry', {
        ...UPGRADED,
        faults: [MEANWHILE, killedAt(90, 'log.write progress')],
      }),
      test('controllers/host-upkeep/crash', 'goes on where it was: $what'),
      test('controllers/host-upkeep/power', 'goes on: $task of n$number at $event $detail'),
      test('controllers/upkeep/crash', 'a leader that dies between any two writes'),
      test('controllers/drain/crash', 'dies at any one of its actions leaves the rest to another'),
      test(
        'simulation/whole-cluster/upgrade-power',
        'the node loses its power for a moment: $task of a $role',
      ),
      test('simulation/whole-cluster/upgrade-power', 'the leader is killed: $task of a $role'),
    ],
  },
  {
    number: 22,
    fault: 'An older agent meets what a newer one wrote',
    invariants: ['S25', 'L8'],
    cases: [
      test('state/log-copy', 'names $what as a problem, and keeps it'),
      test('runtime/manager', 'begins no pass: $why'),
      test('runtime/manager', 'carries out only what a controller names for that: when $when'),
      test(
        'controllers/kubeadm/decide',
        'stands still before an operation that a newer agent wrote',
      ),
      test(
        'simulation/whole-cluster/unread-entry',
        'has the log back, does nothing else until the entry is gone, and is whole then: replicas $where',
      ),
    ],
  },
  {
    number: 23,
    fault: 'The leader dies in the middle of what it began',
    invariants: ['S3', 'S24', 'L4'],
    cases: [
      test('simulation/whole-cluster/lost-leader', 'leaves an assignment that is carried out once'),
    ],
  },
];
