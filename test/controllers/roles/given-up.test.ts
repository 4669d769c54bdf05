import { describe, expect, test } from '@jest/globals';
import { decide, type Observed } from '../../../src/controllers/roles/decide.ts';
import type { Progress } from '../../../src/machines/operation-progress.ts';
import type { Assignment } from '../../../src/state/assignment.ts';
import {
  assignment,
  controlPlaneAssignment,
  entry,
  id,
  initAssignment,
  operation,
  served,
  status,
} from '../../support/controllers-entries.ts';
import { cluster, type NodeInCluster, TERM } from '../../support/controllers-roles.ts';
import { withoutReasons } from '../../support/told-decisions.ts';

const CURE = 'kubeadm failed 5 times: mend it and empty the state folder';
const done = (asked: Assignment): NodeInCluster => ({ assignment: asked, status: served(asked) });
const first = done(initAssignment(1));
const free: NodeInCluster = {};

/** A node whose five attempts failed. */
function failed(asked: Assignment, number: number): NodeInCluster {
  const waiting = { reason: 'kubeadm-gave-up', message: CURE, sinceWallMs: 0 };
  return { assignment: asked, status: status(number, { phase: 'failed', waiting }) };
}

/** The log with how far the operation of each of the assignments is. */
function withOperations(
  observed: Observed,
  value: Progress['state'],
  ...numbers: readonly number[]
): Observed {
  const context = { failures: 5, outcome: 'failed', reason: 'x' };
  const snapshot = { machine: 'operation', version: 1, value, context };
  const asked = observed.assignments.filter((each) =>
    numbers.some((number) => id(number) === each.key),
  );
  const operations = asked.map(({ value: { operationId, nodeId, task } }) =>
    entry('operation', { ...operation(1), operationId, nodeId, task, snapshot }),
  );
  return { ...observed, operations };
}

function assign(asked: Assignment, ifRevision = 0) {
  return { type: 'assign', assignment: { ...asked, term: TERM }, ifRevision };
}

function waits(reason: string, message: string) {
  return { type: 'requeue', afterMs: 5_000, waiting: { reason, message } };
}

const second = controlPlaneAssignment(2);
const passedOver = (number: number) => `n${number} is passed over: ${CURE}`;

interface Row {
  readonly when: string;
  readonly observed: Observed;
  readonly actions: readonly unknown[];
}

describe('roles.decide about hosts that gave up', () => {
  test.each<Row>([
    {
      when: 'a control plane gave up and two others may take its place',
      observed: withOperations(cluster([first, failed(second, 2), free, free]), 'gave-up', 2),
      actions: [assign(controlPlaneAssignment(3)), waits('node-left-out', passedOver(2))],
    },
    {
      when: 'a control plane gave up before the node said so itself',
      observed: withOperations(cluster([first, { assignment: second }, free, free]), 'gave-up', 2),
      actions: [
        assign(controlPlaneAssignment(3)),
        waits('node-left-out', 'n2 is passed over: its join failed for good'),
      ],
    },
    {
      when: 'the second of a pair gave up, and one node stands by',
      observed: withOperations(
        cluster([first, done(second), failed(controlPlaneAssignment(3), 3), free]),
        'gave-up',
        3,
      ),
      actions: [assign(controlPlaneAssignment(4)), waits('node-left-out', passedOver(3))],
    },
    {
      when: 'a control plane gave up and too few are left: two would be worse than one',
      observed: withOperations(cluster([first, failed(second, 2), free]), 'gave-up', 2),
      actions: [
        waits(
          'more-nodes',
          `waiting for 1 more node to reach 3 control planes: start civitas on it with the same token; ${passedOver(2)}`,
        ),
      ],
    },
    {
      when: 'a worker gave up, and another node stands by in a cluster of two',
      observed: withOperations(
        cluster([first, failed(assignment(2), 2), free], { controlPlanes: 1, size: 2 }),
        'gave-up',
        2,
      ),
      actions: [assign(assignment(3)), waits('node-left-out', passedOver(2))],
    },
    {
      when: 'its machine enrolled as a new node',
      observed: withOperations(
        cluster([first, failed(assignment(2), 2), { node: { hostname: 'n2' } }], {
          controlPlanes: 1,
        }),
        'gave-up',
        2,
      ),
      actions: [assign(assignment(3)), waits('node-left-out', passedOver(2))],
    },
    {
      when: 'a control plane is tried again',
      observed: withOperations(cluster([first, { assignment: second }, free]), 'failed', 2),
      actions: [waits('control-plane', 'control plane 2 of 3: n2 is joining (waiting)')],
    },
    {
      when: 'the init gave up: nobody else ever runs one',
      observed: withOperations(cluster([failed(initAssignment(1), 1), free, free]), 'gave-up', 1),
      actions: [
        waits(
          'control-plane',
          `control plane 1 of 3: n1 is founding the cluster (failed: ${CURE})`,
        ),
      ],
    },
  ])('when $when', ({ observed, actions }) => {
    expect(withoutReasons(decide(observed))).toEqual(actions);
  });
});
