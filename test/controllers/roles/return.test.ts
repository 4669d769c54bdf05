import { describe, expect, test } from '@jest/globals';
import { decide, type Observed } from '../../../src/controllers/roles/decide.ts';
import { FIRST_PROGRESS, writeProgress } from '../../../src/machines/operation-progress.ts';
import type { Assignment } from '../../../src/state/assignment.ts';
import type { Departure } from '../../../src/state/departure.ts';
import {
  assignment,
  controlPlaneAssignment,
  entry,
  id,
  initAssignment,
  served,
  status,
} from '../../support/controllers-entries.ts';
import { cluster, type NodeInCluster, TERM } from '../../support/controllers-roles.ts';
import { told } from '../../support/told-decisions.ts';

const done = (asked: Assignment): NodeInCluster => ({ assignment: asked, status: served(asked) });
const planes = [
  done(initAssignment(1)),
  done(controlPlaneAssignment(2)),
  done(controlPlaneAssignment(3)),
];
const retire = assignment(4, { operationId: `retire-${id(4)}-1`, role: 'spare', task: 'retire' });
const leaver: NodeInCluster = {
  assignment: retire,
  status: status(4, { phase: 'waiting', operationId: retire.operationId }),
};
const former = assignment(4);

function ended(asked: Assignment, state: 'succeeded' | 'running', revision = 80) {
  const { operationId, nodeId, incarnation, term, task } = asked;
  const snapshot = writeProgress({ ...FIRST_PROGRESS, state });
  const value = { operationId, nodeId, incarnation, term, task, snapshot };
  return entry('operation', value, revision);
}

function departure(change: Partial<Departure> = {}) {
  const { operationId } = retire;
  const value = { nodeId: id(4), incarnation: 1, operationId, by: id(1), waiting: null };
  return entry('departure', { ...value, state: 'taken-back', ...change });
}

function leaving(change: Partial<Departure>, operations = [ended(former, 'succeeded')]): Observed {
  return { ...cluster([...planes, leaver]), departures: [departure(change)], operations };
}

describe('a node whose departure people took back', () => {
  test('gets the role back by which it serves', () => {
    const [action, ...others] = decide(leaving({}));
    expect(others).toEqual([]);
    expect(action).toMatchObject({
      type: 'assign',
      ifRevision: 104,
      assignment: { ...former, term: TERM, sponsor: null },
      reasons: {
        action: 'restore',
        summary: 'n4 stays what it is, a worker: people took it back that it leaves',
      },
    });
  });

  test.each([
    {
      when: 'whoever sees to it has not said that it stopped',
      observed: leaving({ state: 'under-way' }),
    },
    { when: 'there is no way back', observed: leaving({ state: 'past-return' }) },
    { when: 'another departure of it was stopped', observed: leaving({ operationId: 'retire-0' }) },
    { when: 'it never served', observed: leaving({}, [ended(former, 'running')]) },
    {
      when: 'it served in an earlier life',
      observed: leaving({}, [ended({ ...former, incarnation: 7 }, 'succeeded')]),
    },
    { when: 'another node served', observed: leaving({}, [ended(assignment(5), 'succeeded')]) },
  ])('gets none while $when', ({ observed }) => {
    expect(told(decide(observed))).toEqual([]);
  });

  test('gets the last of the roles that it had', () => {
    const promoted = assignment(4, {
      operationId: 'promote-1',
      task: 'promote',
      role: 'control-plane',
    });
    const observed = leaving({}, [ended(former, 'succeeded'), ended(promoted, 'succeeded', 90)]);
    expect(told(decide(observed))).toEqual(['promote n4 by nobody']);
  });
});
