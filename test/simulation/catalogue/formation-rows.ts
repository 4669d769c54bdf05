import { type FaultRow, fault, simulated, test } from './fault-row.ts';

/** Faults 1 to 10: while a cluster is founded. */
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
      test('simulation/whole-cluster/wiped', 'is let in again once its former self'),
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
];
