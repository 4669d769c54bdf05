import { type FaultRow, fault, lab, none, simulated, test } from './fault-row.ts';

const EDITS = 'simulation/whole-cluster/edits';

/** Faults 74 to 81: what people ask for. */
export const editRows: readonly FaultRow[] = [
  {
    number: 74,
    fault: 'A spec with wrong syntax, fields or types',
    invariants: ['S18', 'L13'],
    cases: [
      test('process/bad-spec', 'a --spec file is refused, with exit code 2, when'),
      test('agent/local-changes', 'and are refused where $names'),
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
    cases: [
      test('state/spec-edit-problems', 'is refused in sentences that say what would be right'),
      test('agent/local-changes', 'and are refused where $names'),
      test('controllers/survey/survey', 'a node that has not got the release'),
      test('controllers/upkeep/survey-again', 'is surveyed again before the next node'),
    ],
  },
  {
    number: 77,
    fault: 'A second edit while an upgrade runs',
    invariants: ['S6', 'S8'],
    cases: [
      test(
        'simulation/whole-cluster/upgrade-people',
        'want a newer release: the plan ends at the next safe point, and another one brings that',
      ),
      test(
        'controllers/upkeep/people',
        'change something else meanwhile, and it goes on as it was',
      ),
      simulated('three control planes, one and three while they are upgraded', {
        mode: 'whole',
        nodes: 5,
        upgradeTo: 'v1.35.1',
        faults: [
          fault('control-planes-edited', [90, 0], [], 0),
          fault('control-planes-edited', [150, 0], [], 0.9),
        ],
      }),
    ],
  },
  {
    number: 78,
    fault: 'Two edits at one time',
    invariants: ['S8'],
    cases: [
      test(EDITS, 'of two edits at one time one is taken, and the other is shown what differs'),
      test('agent/local-changes', 'nor over one that lands while theirs is on its way'),
      test('process/people', 'people read, judge and change the spec'),
    ],
  },
  {
    number: 79,
    fault: 'The leader dies right after an edit was confirmed',
    invariants: ['S8'],
    cases: [
      test('adapters/jetstream-failures', 'loses no acknowledged write'),
      test(EDITS, 'an edit that was confirmed is carried out though the leader dies at once'),
      simulated('every agent is killed a tenth of a second after one', {
        mode: 'whole',
        nodes: 5,
        faults: [
          fault('control-planes-edited', [60, 0], [], 0),
          fault('all-agents-killed', [60.1, 5], []),
        ],
      }),
    ],
  },
  {
    number: 80,
    fault: 'Control planes 3, 1, 3, 5, 3',
    invariants: ['S5', 'S6'],
    cases: [
      test(
        EDITS,
        'as many control planes as people ask for, one time after the other: 3, 1, 3, 5, 3',
      ),
      lab('self-healing/size', 'has five control planes of three, and three of five'),
    ],
  },
  {
    number: 81,
    fault: 'Ten edits a second',
    invariants: ['L12'],
    cases: [
      simulated('for five seconds: one control plane, three, one …, and it is as was asked last', {
        mode: 'whole',
        nodes: 5,
        faults: Array.from({ length: 51 }, (_, index) =>
          fault('control-planes-edited', [60 + index / 10, 0], [], index % 2 === 0 ? 0 : 0.9),
        ),
      }),
      none('Nobody is refused for editing often: people are asked to read what they replace.'),
    ],
  },
];
