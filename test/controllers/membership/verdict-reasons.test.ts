import { describe, expect, test } from '@jest/globals';
import { createMembership } from '../../../src/controllers/membership/controller.ts';
import { verdictReasons } from '../../../src/controllers/membership/verdict-reasons.ts';
import type { Liveness } from '../../../src/state/liveness.ts';
import { id, liveness, node } from '../../support/controllers-entries.ts';
import { createWorld, portsIn } from '../../support/controllers-ports.ts';

const evidence = 'its lease was last renewed 30 s ago';
const dead = liveness(2, { verdict: 'dead', evidence });

describe('the reasons of a verdict', () => {
  test.each<{ before: Liveness | undefined; after: Liveness; summary: string; guard: string }>([
    {
      before: liveness(2, { verdict: 'suspect' }),
      after: dead,
      summary: `n2 (${id(2)}) is dead: ${evidence}`,
      guard: `${evidence} (was suspect)`,
    },
    {
      before: undefined,
      after: dead,
      summary: `n2 (${id(2)}) is dead: ${evidence}`,
      guard: `${evidence} (not judged before)`,
    },
    {
      before: dead,
      after: liveness(2, { incarnation: 2 }),
      summary: `n2 (${id(2)}) is alive as a new incarnation: it said so`,
      guard: 'it said so (was dead)',
    },
  ])('$guard', ({ before, after, summary, guard }) => {
    expect(verdictReasons(node(2), before, after)).toEqual({
      action: 'verdict',
      summary,
      guards: [{ name: 'evidence', passed: true, message: guard }],
      rejected: [],
    });
  });

  test('are none when somebody came and lives', () => {
    expect(verdictReasons(node(2), undefined, liveness(2))).toBeUndefined();
  });
});

describe('membership', () => {
  const judged = (verdict: Liveness['verdict'], ifRevision: number) =>
    ({ type: 'judge', term: 7, liveness: liveness(2, { verdict }), ifRevision }) as const;

  test('keeps an event of each verdict but the first that a newcomer lives', async () => {
    const world = Object.assign(createWorld(), { term: 7 });
    await world.store.set('node', id(2), node(2));
    const membership = createMembership();
    await membership.act(judged('alive', 0), portsIn(world));
    expect(world.store.list('event')).toEqual([]);
    await membership.act(judged('suspect', 2), portsIn(world));
    expect(world.store.list('event').map(({ value }) => value)).toMatchObject([
      { action: 'verdict', hostname: 'n2', term: 7, revision: 2 },
    ]);
  });

  test('keeps none of a verdict that somebody else had given meanwhile', async () => {
    const world = Object.assign(createWorld(), { term: 7 });
    await world.store.set('node', id(2), node(2));
    await world.store.set('liveness', id(2), liveness(2));
    const late = createMembership().act(judged('dead', 0), portsIn(world));
    await expect(late).rejects.toMatchObject({ code: 'store.conflict' });
    expect(world.store.list('event')).toEqual([]);
  });
});
