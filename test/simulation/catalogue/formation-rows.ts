import { type FaultRow, fault, lab, none, simulated, test } from './fault-row.ts';

const NOT_YET_5 = 'Dead members are not replaced yet (issue 5).';
const NOT_YET_6 = 'There are no upgrades and drains yet (issue 6).';

/** Faults 1 to 23: while a cluster is founded, and between the steps of what is done to it. */
export const formationRows: readonly FaultRow[] = [
  {
    number: 1,
    fault: 'All machines start in the same millisecond',
    invariants: ['S1', 'S2', 'L1'],
    cases: [
      simulated('five of them become one whole cluster', {
        mode: 'whole',
        nodes: 5,
        startWithinMs: 0,
        faults: [],
      }),
      test('formation/faults', 'founds one cluster of %i nodes that start at once'),
    ],
  },
  {
    number: 2,
    fault: 'Two halves start apart, and meet later',
    invariants: ['S1', 'S11'],
    cases: [
      simulated('two of four can not found a cluster, and all four do once they meet', {
        mode: 'whole',
        nodes: 4,
        startWithinMs: 0,
        faults: [fault('partitioned', [0, 30], ['n1', 'n2'])],
      }),
      test('formation/faults', 'two equal halves found nothing while they are apart'),
    ],
  },
  {
    number: 3,
    fault: 'Whoever won the genesis dies before the first entry of the log',
    invariants: ['S1', 'S10', 'L2'],
    cases: [
      simulated('every agent is killed as the genesis is decided, and it is still one cluster', {
        mode: 'whole',
        nodes: 3,
        faults: [fault('all-agents-killed', [2, 10], [])],
      }),
      test('formation/refounding', 'leaves the others of %i with a log of epoch 2'),
      test('process/refounding', 'two of three machines go on with a new log'),
    ],
  },
  {
    number: 4,
    fault: 'Whoever won the genesis sleeps for 30 s and wakes when others went on',
    invariants: ['S1', 'S10'],
    cases: [
      simulated('one of three sleeps through the genesis and joins what the others founded', {
        mode: 'whole',
        nodes: 3,
        startWithinMs: 0,
        faults: [fault('agent-paused', [1, 30], ['n1'])],
      }),
      test('formation/genesis/simulation/simulation', 'always ends in one record when $when'),
    ],
  },
  {
    number: 5,
    fault: 'Fewer machines start than the token expects',
    invariants: ['S1', 'S11'],
    cases: [
      test('formation/faults', 'goes on without those that never start'),
      test('formation/faults', 'waits for ever without a quorum, and says for whom'),
    ],
  },
  {
    number: 6,
    fault: 'More machines start than the token expects',
    invariants: ['S1'],
    cases: [
      simulated('two more become workers', {
        mode: 'whole',
        nodes: 3,
        faults: [fault('machine-added', [0.2, 0], []), fault('machine-added', [20, 0], [])],
      }),
      test('formation/faults', 'more nodes than expected join the one cluster'),
    ],
  },
  {
    number: 7,
    fault: 'Machines were told different counts',
    invariants: ['S1', 'S18'],
    cases: [test('process/unwelcome-nodes', 'are refused by name and reason')],
  },
  {
    number: 8,
    fault: 'A wiped machine returns to its cluster',
    invariants: ['S1', 'S16'],
    cases: [
      simulated('it founds nothing', {
        mode: 'safety',
        nodes: 3,
        faults: [fault('machine-wiped', [60, 5], ['n2'])],
      }),
      test('formation/faults', 'a wiped node gets the record of the others and founds nothing'),
    ],
  },
  {
    number: 9,
    fault: 'All machines but one are wiped',
    invariants: ['S1'],
    cases: [
      simulated('the wiped majority founds nothing while the survivor is there', {
        mode: 'safety',
        nodes: 3,
        faults: [fault('machine-wiped', [60, 5], ['n2', 'n3'])],
      }),
    ],
  },
  {
    number: 10,
    fault: 'Two clusters of one token become connected',
    invariants: ['S15'],
    cases: [test('formation/faults', 'to merge two clusters made from one token')],
  },
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
    ],
  },
  {
    number: 16,
    fault: 'A join ends well, and its Node never becomes Ready',
    invariants: ['S20', 'L6'],
    cases: [none(NOT_YET_5)],
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
  { number: 18, fault: 'A crash around a drain', invariants: ['S6'], cases: [none(NOT_YET_6)] },
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
          fault('agent-killed-at-call', [6, 3], [], 0.895),
        ],
      }),
      test('simulation/whole-cluster/crash-between-actions', 'goes on from what it finds: $what'),
    ],
  },
  {
    number: 20,
    fault: 'A crash between the removal of a member and the reset of its host',
    invariants: ['S5', 'S24'],
    cases: [none(NOT_YET_5)],
  },
  {
    number: 21,
    fault: 'A crash at any step of an upgrade',
    invariants: ['S6', 'S7', 'S24'],
    cases: [none(NOT_YET_6)],
  },
  {
    number: 22,
    fault: 'An older agent meets what a newer one wrote',
    invariants: ['S25'],
    cases: [
      test('state/log-copy', 'names $what as a problem, and keeps it'),
      test('runtime/manager', 'a frozen manager begins no pass'),
      test(
        'controllers/kubeadm/decide',
        'stands still before an operation that a newer agent wrote',
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
