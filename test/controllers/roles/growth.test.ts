import { describe, expect, test } from '@jest/globals';
import { decide, type Observed } from '../../../src/controllers/roles/decide.ts';
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

const done = (asked: Assignment): NodeInCluster => ({ assignment: asked, status: served(asked) });
const first = done(initAssignment(1));
const second = done(controlPlaneAssignment(2));
const third = done(controlPlaneAssignment(3));
const free: NodeInCluster = {};
const neverControlPlane = { node: { labels: { 'civitas.dev/never-control-plane': 'true' } } };
const spare = (number: number): NodeInCluster =>
  done(
    assignment(number, {
      operationId: `stand-by-${id(number)}-1`,
      role: 'spare',
      task: 'stand-by',
      sponsor: null,
    }),
  );

function assign(asked: Assignment, ifRevision = 0) {
  return { type: 'assign', assignment: { ...asked, term: TERM }, ifRevision };
}
function waits(reason: string, message: string) {
  return { type: 'requeue', afterMs: 5_000, waiting: { reason, message } };
}
function standBy(number: number) {
  return assign(spare(number).assignment ?? assignment(number));
}
const oneMore = waits(
  'more-nodes',
  'waiting for 1 more node to reach 3 control planes: start civitas on it with the same token',
);

/** Its place is not taken before it had time to come back. */
function inGrace(hostname: string) {
  return waits(
    'grace',
    `${hostname} is lost and keeps its place as control plane: it may come back within the grace of 60 s ` +
      `(replacement.graceSeconds); control plane 3 of 3: ${hostname} is dead (it said so)`,
  );
}

interface Row {
  when: string;
  observed: Observed;
  actions: readonly unknown[];
}

describe('roles.decide once there is a control plane', () => {
  test.each<Row>([
    { when: 'all roles are given', observed: cluster([first, second, third]), actions: [] },
    {
      when: 'the first one is founding the cluster',
      observed: cluster([{ assignment: initAssignment(1) }, free, free, free]),
      actions: [
        waits('control-plane', 'control plane 1 of 3: n1 is founding the cluster (waiting)'),
      ],
    },
    {
      when: 'the first one died before it served',
      observed: cluster([{ assignment: initAssignment(1), verdict: 'dead' }, free, free]),
      actions: [
        waits(
          'frozen',
          'the only node that may run init is lost: n1 is dead (it said so); ' +
            'bring it back, as a second init could make a second cluster',
        ),
      ],
    },
    {
      when: 'the first one serves and two more are there',
      observed: cluster([first, free, free]),
      actions: [assign(controlPlaneAssignment(2))],
    },
    {
      when: 'the first one serves alone',
      observed: cluster([first]),
      actions: [
        waits(
          'more-nodes',
          'waiting for 2 more nodes to reach 3 control planes: start civitas on them with the same token',
        ),
      ],
    },
    { when: 'only one more is there', observed: cluster([first, free]), actions: [oneMore] },
    {
      when: 'one is all that is wanted',
      observed: cluster([first, free], { controlPlanes: 1 }),
      actions: [assign(assignment(2))],
    },
    {
      when: 'the second one is joining',
      observed: cluster([
        first,
        { assignment: controlPlaneAssignment(2), status: status(2, { phase: 'installing' }) },
        free,
      ]),
      actions: [waits('control-plane', 'control plane 2 of 3: n2 is joining (installing)')],
    },
    {
      when: 'a leader that had been deposed asked the third one to join beside the second',
      observed: cluster([
        first,
        { assignment: controlPlaneAssignment(2), status: status(2, { phase: 'installing' }) },
        { assignment: controlPlaneAssignment(3), assignedAt: TERM + 3 },
      ]),
      actions: [waits('control-plane', 'control plane 2 of 3: n2 is joining (installing)')],
    },
    {
      when: 'such a leader asked the second one, and nobody has since',
      observed: cluster([
        first,
        { assignment: controlPlaneAssignment(2), assignedAt: TERM + 2 },
        free,
      ]),
      actions: [
        assign(
          controlPlaneAssignment(2, { operationId: `join-control-plane-${id(2)}-2` }),
          TERM + 2,
        ),
      ],
    },
    {
      when: 'such a leader asked once more for what the second one has begun',
      observed: {
        ...cluster([first, { assignment: controlPlaneAssignment(2), assignedAt: TERM + 2 }, free]),
        operations: [
          entry('operation', {
            ...operation(2),
            task: 'join-control-plane',
            operationId: controlPlaneAssignment(2).operationId,
          }),
        ],
      },
      actions: [waits('control-plane', 'control plane 2 of 3: n2 is joining (waiting)')],
    },
    {
      when: 'the second one serves',
      observed: cluster([first, second, free]),
      actions: [assign(controlPlaneAssignment(3))],
    },
    {
      when: 'the third one is gone again',
      observed: cluster([first, second]),
      actions: [oneMore],
    },
    {
      when: 'three serve, five are wanted and one node is free',
      observed: cluster([first, second, third, free], { controlPlanes: 5 }),
      actions: [
        waits(
          'more-nodes',
          'waiting for 1 more node to reach 5 control planes: start civitas on it with the same token',
        ),
      ],
    },
    {
      when: 'three serve, five are wanted and two nodes are free',
      observed: cluster([first, second, third, free, free], { controlPlanes: 5 }),
      actions: [assign(controlPlaneAssignment(4))],
    },
    {
      when: 'a control plane is dead',
      observed: cluster([first, second, { ...third, verdict: 'dead' }, free]),
      actions: [assign(assignment(4)), inGrace('n3')],
    },
    {
      when: 'a control plane is suspect while another place is open',
      observed: cluster([first, { ...second, verdict: 'suspect' }, free]),
      actions: [waits('control-plane', 'control plane 2 of 3: n2 is suspect (it said so)')],
    },
    {
      when: 'more nodes are there than places for control planes',
      observed: cluster([first, free, free, free, free]),
      actions: [assign(controlPlaneAssignment(2)), assign(assignment(4)), assign(assignment(5))],
    },
    {
      when: 'workers spread over the sponsors, the least busy first',
      observed: cluster([first, second, third, { assignment: assignment(4) }, free, free, free]),
      actions: [
        assign(assignment(5, { sponsor: id(2) })),
        assign(assignment(6, { sponsor: id(3) })),
        assign(assignment(7, { sponsor: id(1) })),
      ],
    },
    {
      when: 'a node must never be a control plane',
      observed: cluster([first, neverControlPlane, free]),
      actions: [assign(assignment(2)), oneMore],
    },
    {
      when: 'a node is dead or its host is not ready',
      observed: cluster([first, { verdict: 'dead' }, { status: status(3, { phase: 'failed' }) }], {
        controlPlanes: 1,
      }),
      actions: [waits('node-left-out', 'n3 failed: no reason given')],
    },
    {
      when: 'two nodes have one name',
      observed: cluster([first, free, { node: { hostname: 'n2' } }], { controlPlanes: 1 }),
      actions: [
        assign(assignment(2)),
        waits('node-left-out', `n2 (${id(3)}) has the hostname of n2 (${id(2)}), which came first`),
      ],
    },
    {
      when: 'the size is reached',
      observed: cluster([first, second, third, free, free], { size: 4 }),
      actions: [assign(assignment(4)), standBy(5)],
    },
    {
      when: 'the size leaves room for control planes only',
      observed: cluster([first, free, free, free], { size: 3 }),
      actions: [assign(controlPlaneAssignment(2)), standBy(4)],
    },
    {
      when: 'a spare stands by',
      observed: cluster([first, second, third, spare(4)], { size: 3 }),
      actions: [],
    },
    {
      when: 'the size grows',
      observed: cluster([first, second, third, spare(4), spare(5)], { size: 4 }),
      actions: [assign(assignment(4), 104)],
    },
    {
      when: 'a control plane is missing and a spare stands by',
      observed: cluster([first, second, spare(3)], { size: 3 }),
      actions: [assign(controlPlaneAssignment(3), 103)],
    },
    {
      when: 'a sponsor died during a join',
      observed: cluster([
        first,
        { ...second, verdict: 'dead' },
        third,
        { assignment: assignment(4, { sponsor: id(2) }) },
      ]),
      actions: [assign(assignment(4), 104), inGrace('n2')],
    },
    {
      when: 'the only sponsor died during a join',
      observed: cluster([{ ...first, verdict: 'dead' }, { assignment: assignment(2) }], {
        controlPlanes: 1,
      }),
      actions: [
        waits(
          'frozen',
          'the only node that may run init is lost: n1 is dead (it said so); ' +
            'bring it back, as a second init could make a second cluster',
        ),
      ],
    },
    {
      when: 'the node had joined before',
      observed: {
        ...cluster([first, free], { controlPlanes: 1 }),
        operations: [
          entry(
            'operation',
            operation(2, { operationId: `join-worker-${id(2)}-1`, task: 'join-worker' }),
          ),
        ],
      },
      actions: [assign(assignment(2, { operationId: `join-worker-${id(2)}-2` }))],
    },
    {
      when: 'the spec asks for a newer Kubernetes than the cluster runs',
      observed: cluster([first, free], { controlPlanes: 1, kubernetesVersion: 'v1.35.0' }),
      actions: [assign(assignment(2, { kubernetesVersion: 'v1.34.4' }))],
    },
    {
      when: 'another leader gave the roles',
      observed: { ...cluster([first, second, third]), term: TERM },
      actions: [],
    },
  ])('when $when', ({ observed, actions }) => {
    expect(withoutReasons(decide(observed))).toEqual(actions);
  });

  test('cuts a message that no condition could hold', () => {
    const broken = { status: status(2, { phase: 'failed' as const }) };
    const crowd = cluster([first, ...Array<NodeInCluster>(40).fill(broken)], { controlPlanes: 1 });
    const statuses = crowd.statuses.map((each, index) => {
      return index === 0 ? each : entry('status', status(index + 1, { phase: 'failed' }));
    });
    const [told] = decide({ ...crowd, statuses });
    expect(told?.type === 'requeue' && told.waiting?.message.length).toBe(1_000);
  });
});
