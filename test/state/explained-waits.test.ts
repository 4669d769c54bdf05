import { describe, expect, test } from '@jest/globals';
import type { DrainState } from '../../src/state/drain-state.ts';
import { type ExplainedWait, explainedWaits } from '../../src/state/explained-waits.ts';
import type { KnownLog } from '../../src/state/known-log.ts';
import type { Order } from '../../src/state/order.ts';
import type { Request } from '../../src/state/request.ts';
import { rosterOf } from '../../src/state/roster.ts';
import { assignment, id, liveness, node, served } from '../support/controllers-entries.ts';
import { order, progressEntry, rolloutEntry, upkeep, work } from '../support/rollout-entries.ts';
import { keyed, knownLog, plan } from '../support/why-entries.ts';

const PLAN = 'upgrade-v1-35-1-57';
const waiting = { reason: 'x', message: 'programs can not be had', sinceWallMs: 30_000 };

/** A worker that serves. */
function waitsOf(number: number, differs: Partial<KnownLog> = {}): readonly ExplainedWait[] {
  const given = assignment(number);
  const log = knownLog({
    nodes: [keyed('node', id(number), node(number))],
    livenesses: [keyed('liveness', id(number), liveness(number))],
    assignments: [keyed('assignment', id(number), given)],
    statuses: [keyed('status', id(number), served(given))],
    ...differs,
  });
  return explainedWaits(node(number), log, rosterOf(log, []));
}

function drain(operationId: string, overrides: Partial<DrainState> = {}): KnownLog['drains'] {
  const value: DrainState = {
    nodeId: id(2),
    incarnation: 1,
    operationId,
    by: id(1),
    state: 'draining',
    podsLeft: 3,
    waiting: null,
    ...overrides,
  };
  return [keyed('drain', id(2), value)];
}

function request(type: Request['type'], incarnation = 1): KnownLog['requests'] {
  const value = { type, nodeId: id(2), incarnation, askedWallMs: 7_000 };
  return [keyed('request', id(2), value)];
}

const orders = (overrides: Partial<Order> = {}): KnownLog['orders'] => [
  keyed('order', id(2), order(2, overrides)),
];
const upkeeps = (differs: Parameters<typeof work>[1]): KnownLog['upkeeps'] => [
  keyed('upkeep', id(2), upkeep(2, {}, work(2, differs))),
];
const peoplesDrain = { operationId: 'drain-2', task: 'drain', planId: null } as const;
const UNDER_WAY = {
  by: 'leader',
  message: 'its upgrade-kubelet (v1.35.1) is under way: starts the kubelet',
  sinceWallMs: null,
};
const TO_BE_DRAINED = {
  by: 'leader',
  message: 'n2 is to be drained, as people asked: `civitas uncordon n2` ends that',
  sinceWallMs: 7_000,
};

test('a node of which nothing is wanted waits for nothing', () => {
  expect(waitsOf(2)).toEqual([]);
});

describe('a node waits', () => {
  test.each<{ when: string; differs: Partial<KnownLog>; waits: readonly object[] }>([
    {
      when: 'with its order',
      differs: { orders: orders(), upkeeps: upkeeps({ waiting }) },
      waits: [{ by: 'node', message: 'programs can not be had', sinceWallMs: 30_000 }, UNDER_WAY],
    },
    {
      when: 'until its order is carried out, where nothing keeps that',
      differs: { orders: orders(), upkeeps: upkeeps({}) },
      waits: [UNDER_WAY],
    },
    {
      when: 'until its order is begun, whatever an earlier one waited for',
      differs: { orders: orders(), upkeeps: upkeeps({ operationId: 'earlier', waiting }) },
      waits: [{ ...UNDER_WAY, message: 'its upgrade-kubelet (v1.35.1) is under way' }],
    },
    {
      when: 'until its sponsor can drain it',
      differs: { orders: orders(), drains: drain(order(2).operationId, { waiting }) },
      waits: [
        { by: 'sponsor', message: 'programs can not be had', sinceWallMs: 30_000 },
        { ...UNDER_WAY, message: 'its upgrade-kubelet (v1.35.1) is under way' },
      ],
    },
    {
      when: 'for its turn to be drained',
      differs: { requests: request('drain') },
      waits: [TO_BE_DRAINED],
    },
    {
      when: 'while people have it drained',
      differs: { requests: request('drain'), orders: orders(peoplesDrain) },
      waits: [TO_BE_DRAINED],
    },
    {
      when: 'until people say that it is needed again',
      differs: {
        requests: request('drain'),
        orders: orders(peoplesDrain),
        drains: drain('drain-2', { state: 'drained' }),
      },
      waits: [
        {
          ...TO_BE_DRAINED,
          message: 'n2 is drained, as people asked: `civitas uncordon n2` ends that',
        },
      ],
    },
    {
      when: 'for nothing that its former self was asked for',
      differs: { requests: request('drain', 2) },
      waits: [],
    },
    {
      when: 'for its turn in a rollout, and for what that waits for',
      differs: {
        rollouts: [rolloutEntry()],
        progresses: [progressEntry({ state: 'waiting', steps: [], waiting })],
      },
      waits: [
        {
          by: 'leader',
          message: `${PLAN} (waiting) has its upgrade-kubelet (v1.35.1) still to do, after this: programs can not be had`,
          sinceWallMs: 30_000,
        },
      ],
    },
    {
      when: 'for no rollout that nothing comes of any more',
      differs: {
        rollouts: [rolloutEntry()],
        progresses: [progressEntry({ state: 'cancelled', steps: [] })],
      },
      waits: [],
    },
    {
      when: 'dead, for a machine in its place',
      differs: { livenesses: [keyed('liveness', id(2), liveness(2, { verdict: 'dead' }))] },
      waits: [
        {
          by: 'leader',
          message: 'n2 is dead: bring it back, or start another machine',
          sinceWallMs: null,
        },
      ],
    },
  ])('$when', ({ differs, waits }) => {
    expect(waitsOf(2, differs)).toEqual(waits);
  });

  test('for its turn while another node has its own, and not once its step was begun', () => {
    const rollouts = [rolloutEntry()];
    const progresses = [progressEntry()];
    expect(waitsOf(3, { rollouts, progresses })).toEqual([
      {
        by: 'leader',
        message: `${PLAN} (running) has its upgrade-kubelet (v1.35.1) still to do, after this: n2 upgrade-kubelet`,
        sinceWallMs: null,
      },
    ]);
    expect(waitsOf(2, { rollouts, progresses })).toEqual([]);
  });

  test('for people, dead or about to take the place, until they approve', () => {
    const summary = 'take n2, which is lost, out of the cluster';
    const value = plan('replace-n2-30', { summary });
    const message = `\`civitas approve replace-n2-30\` to ${summary}`;
    const dead = [keyed('liveness', id(2), liveness(2, { verdict: 'dead' }))];
    const plans = [keyed('plan', 'replace-n2-30', value)];
    expect(waitsOf(2, { livenesses: dead, plans })).toEqual([
      { by: 'leader', message, sinceWallMs: null },
    ]);
    expect(waitsOf(4, { plans })).toEqual([{ by: 'leader', message, sinceWallMs: null }]);
    expect(waitsOf(3, { plans })).toEqual([]);
    const approvals = [
      keyed('approval', 'replace-n2-30', { planId: 'replace-n2-30', approvedWallMs: 0 }),
    ];
    expect(waitsOf(4, { plans, approvals })).toEqual([]);
  });

  test('until it is warm, while it stands by', () => {
    const given = assignment(2, {
      operationId: 'stand-by-2',
      role: 'spare',
      task: 'stand-by',
      sponsor: null,
    });
    const standBy = {
      operationId: 'stand-by-2',
      kubernetesVersion: 'v1.34.4',
      state: 'warming' as const,
      waiting,
    };
    const differs = {
      assignments: [keyed('assignment', id(2), given)],
      statuses: [keyed('status', id(2), { ...served(given), phase: 'spare' as const })],
      upkeeps: [keyed('upkeep', id(2), { ...upkeep(2), standBy })],
    };
    expect(waitsOf(2, differs)).toEqual([
      { by: 'node', message: 'programs can not be had', sinceWallMs: 30_000 },
    ]);
  });
});
