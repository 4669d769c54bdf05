import { describe, expect, test } from '@jest/globals';
import { decide, type Observed } from '../../../src/controllers/roles/decide.ts';
import type { Assignment } from '../../../src/state/assignment.ts';
import type { ClusterSpec } from '../../../src/state/cluster-spec.ts';
import {
  assignment,
  controlPlaneAssignment,
  entry,
  id,
  initAssignment,
  liveness,
  node,
  served,
  spec,
  status,
} from '../../support/controllers-entries.ts';
import { cluster, type NodeInCluster } from '../../support/controllers-roles.ts';
import { told } from '../../support/told-decisions.ts';

const LONG_MS = 3_600_000;
const done = (asked: Assignment): NodeInCluster => ({ assignment: asked, status: served(asked) });
const dead = (each: NodeInCluster): NodeInCluster => ({ ...each, verdict: 'dead' });
const first = done(initAssignment(1));
const plane = (number: number) => done(controlPlaneAssignment(number));
const worker = (number: number) => done(assignment(number));
const retiring = (number: number, sponsor = id(1)) =>
  assignment(number, {
    operationId: `retire-${id(number)}-1`,
    role: 'spare',
    task: 'retire',
    sponsor,
  });

/** The cluster after everybody who is dead was so for longer than any grace. */
function long(
  nodes: readonly NodeInCluster[],
  wanted: Partial<ClusterSpec> = {},
  more: Partial<Observed> = {},
): Observed {
  const lost = nodes.flatMap(({ verdict }, index) => (verdict === 'dead' ? [index + 1] : []));
  const deadForMs = new Map(lost.map((number) => [id(number), LONG_MS]));
  return { ...cluster(nodes, wanted), deadForMs, ...more };
}

/** Of a dead control plane, after its last word. */
const departure = (number: number, state: 'under-way' | 'done') =>
  entry('departure', {
    nodeId: id(number),
    incarnation: 1,
    operationId: `retire-${id(number)}-1`,
    by: id(1),
    state,
    waiting: null,
  });

const notChosen = (number: number, reason: string) => ({
  nodeId: id(number),
  hostname: `n${number}`,
  reason,
});

const guard = (name: string, message: string) => ({ name, passed: true, message });
/** About n3 by its assignment, with n4 for its heir. */
const PLAN = `replace-${id(3)}-103-${id(4)}`;

const replacement = spec().replacement;
const careful = { replacement: { ...replacement, policy: 'approve' } } as const;
const standing: Observed['plans'] = [
  {
    kind: 'plan',
    key: PLAN,
    value: {
      planId: PLAN,
      term: 1,
      action: 'replace',
      nodeId: id(3),
      incarnation: 1,
      candidate: id(4),
      summary: '',
      revision: 1,
    },
    revision: 150,
  },
];
const approved: Observed['approvals'] = [
  { kind: 'approval', key: PLAN, value: { planId: PLAN, approvedWallMs: 0 }, revision: 151 },
];
/** n3 was a voter when it was last heard of. */
const gone: NodeInCluster = {
  assignment: retiring(3),
  status: served(controlPlaneAssignment(3)),
  verdict: 'dead',
};

describe('a control plane that is lost', () => {
  test.each<{ when: string; observed: Observed; decided: readonly string[] }>([
    {
      when: 'keeps its place for the grace',
      observed: cluster([first, plane(2), dead(plane(3)), worker(4)]),
      decided: ['waits for grace'],
    },
    {
      when: 'gives it up where a worker can take it',
      observed: long([first, plane(2), dead(plane(3)), worker(4)]),
      decided: ['retire n3 by n1', 'waits for control-plane'],
    },
    {
      when: 'is seen off by another one when it is the first of all',
      observed: long([dead(first), plane(2), plane(3), worker(4)]),
      decided: ['retire n1 by n2', 'waits for control-plane'],
    },
    {
      when: 'keeps it while nobody can take it, as two of two are no better than two of three',
      observed: long([first, plane(2), dead(plane(3))]),
      decided: ['waits for no-replacement'],
    },
    {
      when: 'gives it up where an odd number stays, even if nobody can take it',
      observed: long([first, plane(2), plane(3), dead(plane(4)), dead(plane(5))], {
        controlPlanes: 5,
      }),
      decided: ['retire n4 by n1', 'waits for control-plane'],
    },
    {
      when: 'gives it up to nobody where there are more than wanted',
      observed: long([first, plane(2), dead(plane(3)), plane(4)], { controlPlanes: 1 }),
      decided: ['retire n3 by n1', 'waits for control-plane'],
    },
    {
      when: 'keeps it when etcd has no quorum to agree on anything',
      observed: long([first, dead(plane(2)), dead(plane(3)), worker(4)]),
      decided: ['waits for quorum'],
    },
    {
      when: 'keeps it while another one is on its way out',
      observed: long([first, plane(2), gone, dead(plane(4)), plane(5), worker(6)], {
        controlPlanes: 5,
      }),
      decided: ['waits for one-change'],
    },
    {
      when: 'keeps it while another one is on its way in',
      observed: long([
        first,
        plane(2),
        dead(plane(3)),
        { assignment: controlPlaneAssignment(4), status: status(4, { phase: 'installing' }) },
        worker(5),
      ]),
      decided: ['waits for one-change'],
    },
    {
      when: 'keeps it when more are lost than the spec allows to be replaced',
      observed: long([first, plane(2), dead(plane(3)), dead(worker(4)), worker(5)], {
        replacement: { ...replacement, maxUnhealthy: 1 },
      }),
      decided: ['waits for too-many-lost'],
    },
    {
      when: 'keeps it until people agree, where they want to be asked',
      observed: long([first, plane(2), dead(plane(3)), worker(4)], careful),
      decided: ['propose n3', 'waits for approval'],
    },
    {
      when: 'gives it up once they agreed, and the plan goes with it',
      observed: long([first, plane(2), dead(plane(3)), worker(4)], careful, {
        plans: standing,
        approvals: approved,
      }),
      decided: [`withdraw ${PLAN}`, 'retire n3 by n1', 'waits for control-plane'],
    },
    {
      when: 'keeps it when they agreed to another heir, who died: they are asked anew',
      observed: long([first, plane(2), dead(plane(3)), dead(worker(4)), worker(5)], careful, {
        plans: standing,
        approvals: approved,
      }),
      decided: [`withdraw ${PLAN}`, 'propose n3', 'waits for approval'],
    },
    {
      when: 'keeps it when what they agreed to was an earlier loss: they are asked anew',
      observed: long([first, plane(2), dead(plane(3)), worker(4)], careful, {
        livenesses: [1, 2, 3, 4].map((number) =>
          entry('liveness', liveness(number, { verdict: number === 3 ? 'dead' : 'alive' }), 160),
        ),
        approvals: approved,
      }),
      decided: ['propose n3', 'waits for approval'],
    },
    {
      when: 'gives it up at once when its machine is back under another id',
      observed: {
        ...cluster([
          first,
          plane(2),
          dead(plane(3)),
          { node: { hostname: 'n3', machineIdHash: node(3).machineIdHash } },
        ]),
      },
      decided: ['retire n3 by n1', 'waits for control-plane'],
    },
    {
      when: 'has no heir before the cluster is done with it',
      observed: long(
        [first, plane(2), gone, worker(4)],
        {},
        { departures: [departure(3, 'under-way')] },
      ),
      decided: [],
    },
    {
      when: 'has one as soon as the cluster is done with it',
      observed: long(
        [first, plane(2), gone, worker(4)],
        {},
        { departures: [departure(3, 'done')] },
      ),
      decided: ['promote n4 by n1'],
    },
    {
      when: 'has a spare for its heir rather than a worker',
      observed: long(
        [
          first,
          plane(2),
          gone,
          worker(4),
          done(assignment(5, { operationId: 'stand-by-1', role: 'spare', task: 'stand-by' })),
        ],
        { size: 4 },
        { departures: [departure(3, 'done')] },
      ),
      decided: ['join-control-plane n5 by n1'],
    },
    {
      when: 'is seen off by another sponsor when the first one is lost too',
      observed: long(
        [
          first,
          plane(2),
          { ...gone, assignment: retiring(3, id(4)) },
          dead(plane(4)),
          plane(5),
          worker(6),
          worker(7),
        ],
        { controlPlanes: 5 },
      ),
      decided: ['retire n3 by n1', 'waits for one-change'],
    },
    {
      when: 'becomes a worker when it comes back and has cleaned its host',
      observed: long(
        [first, plane(2), { assignment: retiring(3), status: served(retiring(3)) }, plane(4)],
        {},
        { departures: [departure(3, 'done')] },
      ),
      decided: ['join-worker n3 by n1'],
    },
    {
      when: 'gets no role while it cleans its host',
      observed: long(
        [
          first,
          plane(2),
          { assignment: retiring(3), status: status(3, { phase: 'installing' }) },
          plane(4),
        ],
        {},
        { departures: [departure(3, 'done')] },
      ),
      decided: [],
    },
  ])('$when', ({ observed, decided }) => {
    expect(told(decide(observed))).toEqual(decided);
  });
});

test('what is told of a replacement names each guard and who was not chosen', () => {
  const [retire] = decide(
    long([
      first,
      plane(2),
      dead(plane(3)),
      worker(4),
      { ...worker(5), node: { labels: { 'civitas.dev/never-control-plane': 'true' } } },
      worker(6),
      {},
      dead({}),
    ]),
  );
  expect(retire).toMatchObject({
    reasons: {
      action: 'replace',
      summary: 'n3 is lost and gives its place as control plane to n7',
      guards: ['grace', 'one-change', 'quorum', 'no-replacement', 'too-many-lost', 'approval'].map(
        (name) => ({ name, passed: true }),
      ),
      rejected: [
        notChosen(4, 'is a worker, and n7 has no pods to disturb'),
        notChosen(6, 'is a worker, and n7 has no pods to disturb'),
        notChosen(8, 'is dead (it said so)'),
        notChosen(5, 'carries the label civitas.dev/never-control-plane=true'),
      ],
    },
  });
});

describe('people are told of a plan that waits for them', () => {
  const reasonsOf = (observed: Observed, type: 'propose' | 'withdraw') =>
    decide(observed).flatMap((action) => (action.type === type ? [action.reasons] : []));

  test('once it is made, with what it was made from', () => {
    const observed = long([first, plane(2), dead(plane(3)), worker(4), worker(5)], careful);
    expect(reasonsOf(observed, 'propose')).toEqual([
      {
        action: 'plan-replacement',
        summary:
          'planned for people to approve: take n3, which is lost, out of the cluster and give its place as control plane to n4',
        guards: [
          guard('grace', 'it was lost for the grace of 60 s (replacement.graceSeconds)'),
          guard('one-change', 'no other change of the control plane is under way'),
          guard('quorum', 'those that stay are a quorum of etcd'),
          guard('no-replacement', '2 nodes can take its place, 2 control planes stay'),
          guard('too-many-lost', '1 node is lost'),
          { ...guard('approval', `it waits for \`civitas approve ${PLAN}\``), passed: false },
        ],
        rejected: [notChosen(5, 'is as good as n4, and has the higher node id')],
      },
    ]);
  });

  test.each<{ why: string; observed: Observed }>([
    {
      why: 'it is carried out',
      observed: long([first, plane(2), dead(plane(3)), worker(4)], careful, {
        plans: standing,
        approvals: approved,
      }),
    },
    {
      why: `replace-${id(3)}-103-${id(5)} takes its place`,
      observed: long([first, plane(2), dead(plane(3)), dead(worker(4)), worker(5)], careful, {
        plans: standing,
      }),
    },
    {
      why: 'n3 is lost no more',
      observed: long([first, plane(2), plane(3), worker(4)], careful, { plans: standing }),
    },
    {
      why: 'n3 is lost and keeps its place as control plane: n4 still becomes a control plane',
      observed: long(
        [
          first,
          plane(2),
          dead(plane(3)),
          { assignment: controlPlaneAssignment(4), status: status(4, { phase: 'installing' }) },
        ],
        careful,
        { plans: standing },
      ),
    },
  ])('once it waits no more: $why', ({ why, observed }) => {
    const summary = `the plan ${PLAN} waits for nobody any more: ${why}`;
    const reasons = { action: 'withdraw-plan', summary, guards: [], rejected: [] };
    expect(reasonsOf(observed, 'withdraw')).toEqual([reasons]);
  });
});

describe('the grace says which case it was', () => {
  const anew = { node: { hostname: 'n3', addresses: node(3).addresses } };
  const asked = entry('request', { type: 'leave', nodeId: id(3), incarnation: 1, askedWallMs: 0 });
  test.each<{ message: string; observed: Observed }>([
    {
      message: 'it was lost for the grace of 60 s (replacement.graceSeconds)',
      observed: long([first, plane(2), dead(plane(3)), worker(4)]),
    },
    {
      message: 'its disk is gone: the machine came back as another node',
      observed: { ...long([first, plane(2), dead(plane(3)), anew]), deadForMs: new Map() },
    },
    {
      message: 'people asked it to leave',
      observed: long([first, plane(2), dead(plane(3)), worker(4)], {}, { requests: [asked] }),
    },
  ])('$message', ({ message, observed }) => {
    const guards = decide(observed).flatMap((action) =>
      action.type === 'assign' ? (action.reasons?.guards ?? []) : [],
    );
    expect(guards[0]).toEqual(guard('grace', message));
  });
});

describe('who was not chosen', () => {
  test.each<{ when: string; observed: Observed; rejected: readonly object[] }>([
    {
      when: 'a worker takes the place',
      observed: long([first, plane(2), dead(plane(3)), worker(4), worker(5)]),
      rejected: [notChosen(5, 'is as good as n4, and has the higher node id')],
    },
    {
      when: 'nobody does',
      observed: long([first, plane(2), plane(3), dead(plane(4))]),
      rejected: [],
    },
    {
      when: 'a worker is promoted',
      observed: long([first, plane(2), worker(3), worker(4), dead(worker(5))]),
      rejected: [
        notChosen(4, 'is as good as n3, and has the higher node id'),
        notChosen(5, 'is dead (it said so)'),
      ],
    },
    {
      when: 'a newcomer becomes a control plane',
      observed: long([first, plane(2), {}, worker(4), {}]),
      rejected: [
        notChosen(5, 'is as good as n3, and has the higher node id'),
        notChosen(4, 'is a worker, and n3 has no pods to disturb'),
      ],
    },
  ])('where $when: neither who was, nor a control plane', ({ observed, rejected }) => {
    const reasons = decide(observed).flatMap((action) =>
      action.type === 'assign' && action.reasons ? [action.reasons] : [],
    );
    expect(reasons[0]?.rejected).toEqual(rejected);
  });
});
