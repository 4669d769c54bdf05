import { expect, test } from '@jest/globals';
import { decide } from '../../../src/controllers/roles/decide.ts';
import { FIRST_PROGRESS, writeProgress } from '../../../src/machines/operation-progress.ts';
import type { Assignment } from '../../../src/state/assignment.ts';
import {
  assignment,
  controlPlaneAssignment,
  entry,
  id,
  initAssignment,
  operation,
  served,
} from '../../support/controllers-entries.ts';
import { cluster, type NodeInCluster, TERM } from '../../support/controllers-roles.ts';
import { withoutReasons } from '../../support/told-decisions.ts';

const SUCCEEDED = writeProgress({ ...FIRST_PROGRESS, state: 'succeeded', outcome: 'succeeded' });
const RUNNING = writeProgress({ ...FIRST_PROGRESS, state: 'running' });
const done = (asked: Assignment): NodeInCluster => ({ assignment: asked, status: served(asked) });
const own = controlPlaneAssignment(3);
/** Written by a leader of an earlier term, after the present one began. */
const late = assignment(3, {
  operationId: `retire-${id(3)}-1`,
  role: 'spare',
  task: 'retire',
});

function overwritten(snapshot: typeof SUCCEEDED) {
  const nodes = [
    done(initAssignment(1)),
    done(controlPlaneAssignment(2)),
    { assignment: late, assignedAt: TERM + 4, status: served(own) },
  ];
  const { operationId, task } = own;
  const operations = [{ ...operation(3), operationId, task, snapshot }].map((value) => {
    return { ...entry('operation', value), key: operationId };
  });
  return { ...cluster(nodes), operations };
}

test('a node that serves gets back the role that a deposed leader wrote over', () => {
  expect(withoutReasons(decide(overwritten(SUCCEEDED)))).toEqual([
    {
      type: 'assign',
      ifRevision: TERM + 4,
      assignment: { ...own, term: TERM, sponsor: null },
    },
  ]);
});

test('a role is given back by what was seen to end well only', () => {
  const given = decide(overwritten(RUNNING)).flatMap((each) =>
    each.type === 'assign' ? [each.assignment.operationId] : [],
  );
  expect(given).not.toContain(own.operationId);
});
