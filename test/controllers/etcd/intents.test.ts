import { describe, expect, test } from '@jest/globals';
import { type IntentLog, underway } from '../../../src/controllers/etcd/intents.ts';
import { isOrphan } from '../../../src/controllers/etcd/ownership.ts';
import { type Progress, writeProgress } from '../../../src/machines/operation-progress.ts';
import type { Assignment } from '../../../src/state/assignment.ts';
import type { Entry } from '../../../src/state/kinds.ts';
import { controlPlaneAssignment, entry, id, node } from '../../support/controllers-entries.ts';

const assigned = controlPlaneAssignment(3);
const { operationId } = assigned;

function log(overrides: Partial<IntentLog> = {}): IntentLog {
  return {
    leadership: undefined,
    nodes: [entry('node', node(3))],
    assignments: [entry('assignment', assigned)],
    operations: [],
    departures: [],
    ...overrides,
  };
}

function operation(progress: Partial<Progress>): readonly Entry<'operation'>[] {
  const snapshot = writeProgress({
    state: 'running',
    failures: 0,
    outcome: null,
    reason: null,
    ...progress,
  });
  const { nodeId, incarnation, term, task } = assigned;
  const value = { operationId, nodeId, incarnation, term, task, snapshot };
  return [{ kind: 'operation', key: operationId, value, revision: 9 }];
}

const departing = (task: 'retire' | 'demote'): Assignment => ({ ...assigned, task, role: 'spare' });

const departed = entry('departure', {
  nodeId: id(3),
  incarnation: 1,
  operationId,
  by: id(1),
  state: 'done',
  waiting: null,
});

interface Row {
  when: string;
  given: Partial<IntentLog>;
  owned: boolean;
}

describe('a learner at the address of a node', () => {
  test.each<Row>([
    { when: 'is to join and has not begun', given: {}, owned: true },
    { when: 'joins', given: { operations: operation({}) }, owned: true },
    {
      when: 'waits for a proof',
      given: { operations: operation({ state: 'verifying', outcome: 'failed' }) },
      owned: true,
    },
    {
      when: 'cleans itself',
      given: { operations: operation({ state: 'resetting' }) },
      owned: true,
    },
    { when: 'has joined', given: { operations: operation({ state: 'succeeded' }) }, owned: false },
    { when: 'gave up', given: { operations: operation({ state: 'gave-up' }) }, owned: false },
    {
      when: 'is promoted in place',
      given: { assignments: [entry('assignment', { ...assigned, task: 'promote' })] },
      owned: true,
    },
    {
      when: 'is a worker',
      given: { assignments: [entry('assignment', { ...assigned, task: 'join-worker' })] },
      owned: false,
    },
    {
      when: 'came back empty',
      given: { nodes: [entry('node', node(3, { incarnation: 2 }))] },
      owned: false,
    },
    {
      when: 'is retired, and its sponsor is not done with it',
      given: { assignments: [entry('assignment', departing('retire'))] },
      owned: true,
    },
    {
      when: 'was retired',
      given: { assignments: [entry('assignment', departing('retire'))], departures: [departed] },
      owned: false,
    },
    {
      when: 'was asked by a leader that had been deposed',
      given: {
        leadership: {
          kind: 'leadership',
          key: 'current',
          value: { nodeId: id(1), incarnation: 1 },
          revision: 7,
        },
        assignments: [entry('assignment', assigned, 8)],
      },
      owned: false,
    },
    { when: 'is not known', given: { nodes: [], assignments: [] }, owned: false },
  ])('that $when: owned $owned', ({ given, owned }) => {
    const intents = underway(log(given), id(1)).map(({ intent }) => {
      return { ...intent, endedForMs: undefined };
    });
    const peerUrls = ['https://10.0.0.3:2380'];
    expect(isOrphan({ id: 'm3', name: '', peerUrls, learner: true }, intents)).toBe(!owned);
  });
});

test.each([
  [operation({}), { ended: false, attempt: `${operationId}/1`, running: true }],
  [
    operation({ state: 'verifying', outcome: 'failed' }),
    { ended: true, attempt: `${operationId}/1`, running: false },
  ],
  [
    operation({ state: 'failed', failures: 1, outcome: 'vanished' }),
    { ended: true, attempt: `${operationId}/1`, running: false },
  ],
  [
    operation({ state: 'verifying', outcome: 'succeeded' }),
    { ended: false, attempt: `${operationId}/1`, running: false },
  ],
  [
    operation({ state: 'resetting', failures: 1, outcome: 'failed' }),
    { ended: false, attempt: `${operationId}/1`, running: false },
  ],
])(
  'whether kubeadm ended, and in which attempt, is read off the operation',
  (operations, expected) => {
    const all = underway(log({ operations }), id(1));
    expect(
      all.map(({ intent: { ended }, attempt, running }) => ({ ended, attempt, running })),
    ).toEqual([expected]);
  },
);
