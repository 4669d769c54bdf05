import { describe, expect, test } from '@jest/globals';
import type { Assignment } from '../../src/state/assignment.ts';
import type { KnownLog } from '../../src/state/known-log.ts';
import type { Liveness } from '../../src/state/liveness.ts';
import { NO_PARTS } from '../../src/state/upkeep.ts';
import { whyNotPromote } from '../../src/state/why-not-promote.ts';
import {
  assignment,
  controlPlaneAssignment,
  type entry,
  id,
  initAssignment,
  liveness,
  node,
  served,
  status,
} from '../support/controllers-entries.ts';
import { decision, keyed, knownLog, plan } from '../support/why-entries.ts';

interface Machine {
  readonly given?: Assignment;
  readonly verdict?: Liveness['verdict'];
  readonly labels?: Readonly<Record<string, string>>;
}

const cp1: Machine = { given: initAssignment(1) };
const cp2: Machine = { given: controlPlaneAssignment(2) };
const cp3: Machine = { given: controlPlaneAssignment(3) };
const never = { 'civitas.dev/never-control-plane': 'true' };

function logOf(machines: readonly Machine[], differs: Partial<KnownLog> = {}): KnownLog {
  const all = machines.map((machine, index) => ({ ...machine, number: index + 1 }));
  return knownLog({
    nodes: all.map(({ number, labels }) => kept('node', node(number, labels && { labels }))),
    livenesses: all.map(({ number, verdict = 'alive' }) =>
      kept('liveness', liveness(number, { verdict })),
    ),
    assignments: all.flatMap(({ given }) => (given ? [kept('assignment', given)] : [])),
    statuses: all.map(({ number, given }) =>
      kept('status', given ? served(given) : status(number)),
    ),
    ...differs,
  });
}

const kept = ((kind, value) => keyed(kind, value.nodeId, value)) as <
  K extends 'node' | 'liveness' | 'assignment' | 'status',
>(
  kind: K,
  value: Parameters<typeof entry<K>>[1],
) => ReturnType<typeof keyed<K>>;

function spare(number: number): Assignment {
  const operationId = `stand-by-${id(number)}-1`;
  return assignment(number, { operationId, role: 'spare', task: 'stand-by', sponsor: null });
}

function readiness(number: number, state: 'warm' | 'warming') {
  const { operationId, kubernetesVersion } = spare(number);
  const waiting = { reason: 'images', message: 'images can not be had', sinceWallMs: 1 };
  return keyed('upkeep', id(number), {
    nodeId: id(number),
    incarnation: 1,
    parts: NO_PARTS,
    prepared: [],
    configurationDigest: null,
    work: null,
    standBy: {
      operationId,
      kubernetesVersion,
      state,
      waiting: state === 'warm' ? null : waiting,
    },
  });
}

describe('a node is not promoted', () => {
  test.each<{ when: string; machines: readonly Machine[]; asked: number; says: object }>([
    {
      when: 'it is a control plane',
      machines: [cp1, cp2, cp3],
      asked: 2,
      says: { obstacles: ['n2 is a control plane already'], place: null },
    },
    {
      when: 'there are enough',
      machines: [cp1, cp2, cp3, { given: assignment(4) }],
      asked: 4,
      says: {
        obstacles: ['there are 3 control planes, as many as the spec asks for'],
        place: 1,
      },
    },
    {
      when: 'it carries the label',
      machines: [cp1, cp2, { given: assignment(3), labels: never }],
      asked: 3,
      says: {
        obstacles: ['n3 carries the label civitas.dev/never-control-plane=true'],
        place: null,
      },
    },
    {
      when: 'it is dead',
      machines: [cp1, cp2, { given: assignment(3), verdict: 'dead' }],
      asked: 3,
      says: { obstacles: ['n3 is dead (it said so)'], place: null },
    },
    {
      when: 'a spare is there, who has no pods to lose',
      machines: [cp1, cp2, { given: assignment(3) }, {}],
      asked: 3,
      says: { obstacles: ['n4 would be chosen first'], place: 2 },
    },
    {
      when: 'a control plane is lost, and still counts',
      machines: [cp1, { ...cp2, verdict: 'dead' }, cp3, { given: assignment(4) }],
      asked: 4,
      says: {
        obstacles: [
          'there are 3 control planes, as many as the spec asks for',
          'n2 is dead (it said so)',
        ],
        place: 1,
      },
    },
    {
      when: 'another control plane is in trouble',
      machines: [cp1, { ...cp2, verdict: 'dead' }, { given: assignment(3) }],
      asked: 3,
      says: { obstacles: ['n2 is dead (it said so)'], place: 1 },
    },
    {
      when: 'nothing stands against it',
      machines: [cp1, cp2, { given: assignment(3) }],
      asked: 3,
      says: { obstacles: [], place: 1 },
    },
  ])('when $when', ({ machines, asked, says }) => {
    expect(whyNotPromote(node(asked), logOf(machines))).toMatchObject(says);
  });

  test('as a warm spare comes first, and what it lacks itself is told', () => {
    const machines = [cp1, cp2, { given: spare(3) }, { given: spare(4) }];
    const upkeeps = [readiness(3, 'warming'), readiness(4, 'warm')];
    expect(whyNotPromote(node(3), logOf(machines, { upkeeps }))).toMatchObject({
      obstacles: ['n4 (warm) would be chosen first', 'n3 is not warm: images can not be had'],
      place: 2,
    });
    expect(whyNotPromote(node(4), logOf(machines, { upkeeps }))).toMatchObject({
      obstacles: [],
      place: 1,
    });
  });

  test.each([
    {
      asked: 4,
      plan: plan('replace-n2-30'),
      says: 'n4 takes the place of n2 after `civitas approve replace-n2-30`',
    },
    {
      asked: 5,
      plan: plan('replace-n2-30'),
      says: 'n2 keeps its place until `civitas approve replace-n2-30`, which gives it to n4',
    },
    {
      asked: 5,
      plan: plan('replace-n2-30', { candidate: null }),
      says: 'n2 keeps its place until `civitas approve replace-n2-30`, which gives it to nobody yet',
    },
  ])('as people have to allow it first: $says', ({ asked, plan: value, says }) => {
    const given = [{ given: assignment(4) }, { given: assignment(5) }];
    const machines = [cp1, { ...cp2, verdict: 'dead' as const }, cp3, ...given];
    const plans = [keyed('plan', value.planId, value)];
    const [first, ...others] = whyNotPromote(node(asked), logOf(machines, { plans })).obstacles;
    expect(first).toBe(says);
    expect(others).toContain('n2 is dead (it said so)');
    const approvals = [
      keyed('approval', value.planId, { planId: value.planId, approvedWallMs: 0 }),
    ];
    const allowed = whyNotPromote(node(asked), logOf(machines, { plans, approvals }));
    expect(allowed.obstacles[0]).toBe('there are 3 control planes, as many as the spec asks for');
  });

  test.each([
    { action: 'replace', counts: true },
    { action: 'plan-replacement', counts: true },
    { action: 'promote', counts: true },
    { action: 'join-control-plane', counts: true },
    { action: 'rejoin', counts: true },
    { action: 'move-replica', counts: false },
    { action: 'join-worker', counts: false },
  ])('a decision to $action was one on that: $counts', ({ action, counts }) => {
    const rejected = [{ nodeId: id(4), hostname: 'n4', reason: 'comes after n5' }];
    const event = decision(20, { action, rejected });
    const events = [keyed('event', event.eventId, event)];
    const { passedOver } = whyNotPromote(node(4), logOf([cp1, cp2, cp3, {}], { events }));
    expect(passedOver !== null).toBe(counts);
  });

  test('and what the latest decision said of it is told, whatever an earlier one said', () => {
    const rejection = (reason: string) => [{ nodeId: id(4), hostname: 'n4', reason }];
    const events = [
      decision(20, { summary: 'n5 takes the place', rejected: rejection('has the slower disk') }),
      decision(10, { rejected: rejection('is dead') }),
      decision(30, { nodeId: id(5) }),
    ].map((each) => keyed('event', each.eventId, each, each.wallMs));
    const log = logOf([cp1, cp2, cp3, { given: assignment(4) }], { events });
    expect(whyNotPromote(node(4), log)).toEqual({
      nodeId: id(4),
      hostname: 'n4',
      passedOver: {
        wallMs: 20_000,
        revision: 30,
        summary: 'n5 takes the place',
        reason: 'has the slower disk',
      },
      obstacles: ['there are 3 control planes, as many as the spec asks for'],
      place: 1,
      revision: 40,
    });
  });
});
