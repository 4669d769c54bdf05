import { type FaultRow, fault, none, simulated, test } from './fault-row.ts';

/** Faults 41 to 62: disks, identities, and whoever is not one of us. */
export const diskRows: readonly FaultRow[] = [
  {
    number: 41,
    fault: 'The disk is full',
    invariants: ['S8', 'S19', 'L14'],
    cases: [
      simulated('for half a minute of the formation, on two of three', {
        mode: 'whole',
        nodes: 3,
        faults: [fault('disk-full', [1, 30], ['n1', 'n2'])],
      }),
      test('process/full-disk', 'founds nothing, and is named until there is room'),
    ],
  },
  {
    number: 42,
    fault: 'Every fsync takes two seconds',
    invariants: ['L4', 'S9'],
    cases: [
      simulated('on one of three during the formation', {
        mode: 'whole',
        nodes: 3,
        faults: [fault('disk-slow', [0, 60], ['n1'], 0.99)],
      }),
    ],
  },
  {
    number: 43,
    fault: 'A write ends in EIO',
    invariants: ['S8', 'S19'],
    cases: [
      simulated('the agent goes down rather than on, until the disk works', {
        mode: 'whole',
        nodes: 3,
        faults: [fault('disk-fails', [1, 20], ['n1'])],
      }),
      test('formation/faults', 'a disk that fails ends this node, before anybody heard'),
    ],
  },
  {
    number: 44,
    fault: 'A state file is cut off, empty or has a flipped bit',
    invariants: ['S19', 'S1'],
    cases: [
      simulated('nothing is founded again', {
        mode: 'safety',
        nodes: 3,
        faults: [
          fault('state-damaged', [60, 0], ['n1', 'n2'], 0.3),
          fault('all-agents-killed', [61, 5], []),
        ],
      }),
      test('adapters/durable-files', 'whichever byte is flipped'),
      test('process/one-node', 'one flipped bit in what a node promised or is'),
    ],
  },
  {
    number: 45,
    fault: 'The store of one replica is damaged',
    invariants: ['S9', 'S8'],
    cases: [test('adapters/nats-damaged-store', 'sets it aside and fills another one')],
  },
  {
    number: 46,
    fault: 'All power fails right after a write was confirmed',
    invariants: ['S8'],
    cases: [
      simulated('whatever was confirmed is there when it is back', {
        mode: 'whole',
        nodes: 3,
        faults: [fault('all-power-cut', [25, 10], [])],
      }),
      test('adapters/jetstream-failures', 'after a power cut confirms nothing with one replica'),
    ],
  },
  {
    number: 47,
    fault: 'An old backup of the state directory is put back',
    invariants: ['S9', 'S10'],
    cases: [
      simulated('of a minute before on every machine, one after the other', {
        mode: 'whole',
        nodes: 3,
        seed: 4,
        faults: [
          fault('backup-restored', [50, 60], ['n1']),
          fault('backup-restored', [50, 80], ['n2']),
          fault('backup-restored', [50, 100], ['n3']),
        ],
      }),
      simulated('of the formation on one of three, and nothing is founded again', {
        mode: 'whole',
        nodes: 3,
        seed: 4,
        faults: [fault('backup-restored', [2, 90], ['n1'])],
      }),
      simulated('of the formation on two of three, while the third has the record', {
        mode: 'whole',
        nodes: 3,
        faults: [fault('backup-restored', [2, 90], ['n1', 'n2'])],
      }),
      none(
        'A majority that is set back to before it heard of its cluster founds another one while all who hold the record are away: nothing on its disks tells it from empty machines.',
      ),
    ],
  },
  {
    number: 48,
    fault: 'Nothing can be written, watched or opened',
    invariants: ['L12'],
    cases: [test('process/full-disk', 'keeps an agent from starting, with nothing half-written')],
  },
  {
    number: 49,
    fault: 'Two agents on one state directory',
    invariants: ['S24'],
    cases: [test('adapters/state-lock', 'a second agent on the same directory is refused')],
  },
  {
    number: 50,
    fault: 'Two machines with one host name',
    invariants: ['S16'],
    cases: [
      test('formation/faults', 'a second node of one host name, while the first serves'),
      test('process/unwelcome-nodes', 'are refused by name and reason'),
    ],
  },
  {
    number: 51,
    fault: 'A cloned disk',
    invariants: ['S16'],
    cases: [
      test('process/unwelcome-nodes', 'and run from a copied state directory are told'),
      test('formation/hear', 'the later one is the clone and the first goes on'),
      test('simulation/whole-cluster/copies', 'a copy of the disk of a living %s changes nothing'),
    ],
  },
  {
    number: 52,
    fault: 'Another join key, or one that is being changed',
    invariants: ['S14', 'S15'],
    cases: [
      test('process/unwelcome-nodes', 'that hold another token are told apart'),
      test('adapters/peers', 'another join key is told from silence'),
    ],
  },
  {
    number: 53,
    fault: 'A bootstrap token expires while a machine joins',
    invariants: ['S23', 'L6'],
    cases: [test('controllers/handover/decide', 'when $when')],
  },
  {
    number: 54,
    fault: "kubeadm's certificate key expires",
    invariants: ['S23'],
    cases: [none('Can not happen: keys are handed over sealed, kubeadm uploads none.')],
  },
  {
    number: 55,
    fault: 'Certificates expire',
    invariants: ['S11'],
    cases: [
      test('simulation/whole-cluster/expired-certificates', 'comes up again by itself'),
      test(
        'simulation/whole-cluster/overtaken-renewal',
        'is left behind for one that nobody ordered',
      ),
      test('controllers/certificates/renewal', 'when the agent dies at any one of its actions'),
      test('adapters/own-certificates', 'is not due to be renewed by any clock'),
    ],
  },
  {
    number: 56,
    fault: 'Forged or repeated messages of peers',
    invariants: ['S14'],
    cases: [
      test('adapters/peers', 'a holder of the join key cannot speak for another node'),
      test('adapters/peers', 'nobody gets in without TLS 1.3'),
    ],
  },
  {
    number: 57,
    fault: 'Malformed mDNS, 10,000 packets a second',
    invariants: ['S14'],
    cases: [test('process/flooded-discovery', 'an agent answers and keeps its size')],
  },
  {
    number: 58,
    fault: 'mDNS that leads to an attacker',
    invariants: ['S14', 'S15'],
    cases: [test('process/flooded-discovery', 'an agent answers and keeps its size')],
  },
  {
    number: 59,
    fault: 'A length prefix of 1 GiB, deep or poisoned JSON',
    invariants: ['S14'],
    cases: [test('process/hostile-peers', '1 GiB prefixes and 360 slow connections')],
  },
  {
    number: 60,
    fault: 'Thousands of connections that say one byte at a time',
    invariants: ['S14', 'L1'],
    cases: [test('adapters/peers', 'who says nothing, or one byte at a time, is cut off')],
  },
  {
    number: 61,
    fault: 'A worker with a valid key writes what only a leader may',
    invariants: ['S3', 'S4'],
    cases: [
      simulated('an assignment of a former term: nobody obeys it', {
        mode: 'safety',
        nodes: 4,
        faults: [fault('worker-writes', [70, 60], ['n4'], 0)],
      }),
      simulated('an assignment for another incarnation: nobody obeys it', {
        mode: 'whole',
        nodes: 4,
        faults: [fault('worker-writes', [70, 60], ['n4'], 0.4)],
      }),
      simulated('an entry that nobody can read: all agents stand still until it is gone', {
        mode: 'whole',
        nodes: 4,
        faults: [fault('worker-writes', [70, 40], ['n4'], 0.8)],
      }),
      none(
        'An assignment that is right in all of this is obeyed: every holder of the join key may write to the log.',
      ),
    ],
  },
  {
    number: 62,
    fault: 'A peer that offers an older protocol',
    invariants: ['S14'],
    cases: [test('formation/hear', 'a node is refused by name when $when')],
  },
];
