import { type FaultRow, fault, lab, simulated, test } from './fault-row.ts';

const PAIR = ['n1', 'n2'];

/** Faults 24 to 40: the network, and clocks. */
export const networkRows: readonly FaultRow[] = [
  {
    number: 24,
    fault: 'A minority is cut off',
    invariants: ['S11', 'L9'],
    cases: [
      simulated('two of five stand still, and find back', {
        mode: 'whole',
        nodes: 5,
        faults: [fault('partitioned', [60, 60], ['n4', 'n5'])],
      }),
      test('simulation/fleet/fleet', 'has no leader on the side of a partition'),
    ],
  },
  {
    number: 25,
    fault: 'A machine is heard and hears nothing',
    invariants: ['S10', 'L10'],
    cases: [
      simulated('the others go on', {
        mode: 'whole',
        nodes: 3,
        faults: [
          fault('link-cut-one-way', [60, 60], ['n1', 'n3']),
          fault('link-cut-one-way', [60, 60], ['n2', 'n3']),
        ],
      }),
    ],
  },
  {
    number: 26,
    fault: 'Two machines can not reach each other, and a third reaches both',
    invariants: ['S20'],
    cases: [
      simulated('nobody is held for dead', {
        mode: 'whole',
        nodes: 3,
        faults: [fault('link-cut', [60, 90], PAIR)],
      }),
    ],
  },
  {
    number: 27,
    fault: 'Multicast does not pass while connections do, and the reverse',
    invariants: ['S20'],
    cases: [
      simulated('a cluster that knows itself needs no multicast', {
        mode: 'whole',
        nodes: 3,
        faults: [
          fault('multicast-blocked', [55, 120], []),
          fault('all-agents-killed', [60, 5], []),
        ],
      }),
    ],
  },
  {
    number: 28,
    fault: 'Packets get lost and late',
    invariants: ['S20', 'L3'],
    cases: [
      simulated('30 % of loss and 200 ms of delay during the formation', {
        mode: 'whole',
        nodes: 3,
        faults: [
          fault('packets-lost', [0, 60], [], 0.99),
          fault('packets-late', [0, 60], [], 0.99),
        ],
      }),
    ],
  },
  {
    number: 29,
    fault: 'A link comes and goes every five seconds for ten minutes',
    invariants: ['S20'],
    cases: [
      simulated('nobody is replaced', {
        mode: 'whole',
        nodes: 3,
        faults: [fault('link-flaps', [60, 600], PAIR)],
      }),
    ],
  },
  {
    number: 30,
    fault: 'Multicast is blocked, or there are several interfaces',
    invariants: ['L1'],
    cases: [
      simulated('nobody is met until multicast passes, and then all are', {
        mode: 'whole',
        nodes: 3,
        faults: [fault('multicast-blocked', [0, 20], [])],
      }),
      test('adapters/discovery', 'finds the addresses it was given, names among them'),
    ],
  },
  {
    number: 31,
    fault: 'A small MTU',
    invariants: ['L1'],
    cases: [
      simulated('while nothing above 1200 bytes passes the formation stands still, and then ends', {
        mode: 'whole',
        nodes: 3,
        faults: [fault('big-packets-lost', [4, 60], [])],
      }),
      simulated('a cluster that is whole stays so', {
        mode: 'whole',
        nodes: 3,
        seed: 4,
        faults: [fault('big-packets-lost', [60, 120], [])],
      }),
    ],
  },
  {
    number: 32,
    fault: 'The address of a machine changes',
    invariants: ['S5', 'S16'],
    cases: [
      simulated('three machines have others for half a minute', {
        mode: 'safety',
        nodes: 4,
        faults: [fault('address-changed', [60, 30], ['n1', 'n2', 'n4'])],
      }),
      test('simulation/whole-cluster/addresses', 'is a worker: everybody finds it there'),
      test('simulation/whole-cluster/addresses', 'is a control plane: its member is told'),
      lab('self-healing/addresses', 'as a control plane comes whole in place'),
      lab('self-healing/all-addresses', 'exchange them one after the other'),
    ],
  },
  {
    number: 33,
    fault: 'Two machines have one address',
    invariants: ['S16'],
    cases: [
      simulated('they answer there in turn during the formation, and nobody is two machines', {
        mode: 'whole',
        nodes: 3,
        faults: [fault('address-doubled', [1, 60], PAIR)],
      }),
      simulated('a third has the address of the leader of a cluster that is whole', {
        mode: 'whole',
        nodes: 5,
        faults: [fault('address-doubled', [60, 90], ['n1', 'n5'])],
      }),
    ],
  },
  {
    number: 34,
    fault: 'A machine vanishes without a word',
    invariants: ['L4'],
    cases: [
      simulated('the others notice, and it finds back', {
        mode: 'whole',
        nodes: 3,
        faults: [fault('power-cut', [60, 60], ['n1'])],
      }),
      test('adapters/peers', 'an answer that does not come in time ends the request'),
    ],
  },
  {
    number: 35,
    fault: 'The neighbour table of a machine overflows',
    invariants: ['S20'],
    cases: [
      simulated('of one of five: it reaches half of the others, in turn, and nobody is replaced', {
        mode: 'whole',
        nodes: 5,
        faults: [fault('neighbours-forgotten', [60, 180], ['n1'])],
      }),
    ],
  },
  {
    number: 36,
    fault: 'A machine is cut off for longer than a day',
    invariants: ['L9'],
    cases: [
      simulated('for twenty-five hours, and it finds back', {
        mode: 'whole',
        nodes: 2,
        faults: [fault('partitioned', [60, 25 * 3_600], ['n2'])],
      }),
    ],
  },
  {
    number: 37,
    fault: 'The wall clock jumps by a year',
    invariants: ['S22'],
    cases: [
      simulated('forth on one machine, back on another', {
        mode: 'whole',
        nodes: 3,
        faults: [
          fault('wall-clock-jumps', [60, 60], ['n1'], 0.999),
          fault('wall-clock-jumps', [70, 60], ['n2'], 0),
        ],
      }),
    ],
  },
  {
    number: 38,
    fault: 'Clocks differ by minutes',
    invariants: ['S22', 'S14'],
    cases: [
      test('formation/hear', 'half a minute of clock difference is borne'),
      test('formation/faults', 'a node whose clock is wrong, which then waits and says why'),
    ],
  },
  {
    number: 39,
    fault: 'All machines are suspended for ten minutes',
    invariants: ['S10'],
    cases: [
      simulated('nobody acts in a term that is over', {
        mode: 'whole',
        nodes: 3,
        faults: [fault('agent-paused', [60, 600], ['n1', 'n2', 'n3'])],
      }),
      test('runtime/leadership/leadership', 'a leader that was paused does not lead'),
    ],
  },
  {
    number: 40,
    fault: 'The event loop of an agent stands still for five seconds',
    invariants: ['S10', 'L3'],
    cases: [test('simulation/fleet/fleet', 'overlooks an agent that is paused for five seconds')],
  },
];
