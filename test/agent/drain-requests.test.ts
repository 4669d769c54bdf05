import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  assignment,
  controlPlaneAssignment,
  id,
  initAssignment,
  liveness,
  node,
} from '../support/controllers-entries.ts';
import type { World } from '../support/controllers-ports.ts';
import { askIn, letServe, worldWithSpec } from '../support/people-asks.ts';

let world: World;

/** n1 and n2 are control planes, n3 is a worker, n4 a spare. */
beforeEach(async () => {
  world = await worldWithSpec();
  const given = [
    initAssignment(1),
    controlPlaneAssignment(2),
    assignment(3),
    assignment(4, { role: 'spare', task: 'stand-by' }),
  ];
  await letServe(world, given);
});

const summaries = () => world.store.list('event').map(({ value }) => value.summary);
const drain = (named: string) => askIn(world)('/v1/drain', { node: named });
const uncordon = (named: string) => askIn(world)('/v1/uncordon', { node: named });

describe('people ask for a node to be drained', () => {
  test.each(['n3', id(3)])('by %s, and the request stands in the log once', async (named) => {
    const first = await drain(named);
    const request = world.store.get('request', id(3));
    expect(request?.value).toEqual({
      type: 'drain',
      nodeId: id(3),
      incarnation: 1,
      askedWallMs: 1_000,
    });
    expect(first).toEqual({
      revision: request?.revision,
      summary: 'n3 was asked to give its pods away',
    });
    expect(await drain(named)).toEqual(first);
    expect(summaries()).toEqual(['n3 was asked to give its pods away']);
  });

  test('and a request of its former life does not count', async () => {
    await drain('n3');
    await world.store.set('node', id(3), node(3, { incarnation: 2 }));
    world.nowMs += 1;
    await drain('n3');
    expect(world.store.get('request', id(3))?.value.incarnation).toBe(2);
  });

  test('also of a control plane, as long as another one lives and serves', async () => {
    expect(await drain('n2')).toMatchObject({ summary: 'n2 was asked to give its pods away' });
    await world.store.set('liveness', id(2), liveness(2, { verdict: 'suspect' }));
    expect(await drain('n1')).toMatch(
      /^n1 can not be drained, judged at revision \d+: it is the last control plane .*\[drain\.last-control-plane\]$/,
    );
  });

  test.each([
    ['nobody knows', 'n9', /^There is no node n9 at revision \d+: .*n1, n2, n3, n4\./],
    ['has no role', 'n4', /\[drain\.no-role\]$/],
    ['is named by nothing', '', /\[agent\.bad-request\]$/],
  ])('but not of one that %s', async (_, named, answer) => {
    const before = world.store.revision;
    expect(await drain(named)).toMatch(answer);
    expect(world.store.revision).toBe(before);
  });

  test.each([
    [
      'people asked to leave',
      () =>
        world.store.set('request', id(3), {
          type: 'leave',
          nodeId: id(3),
          incarnation: 1,
          askedWallMs: 1,
        }),
    ],
    [
      'is taken out of the cluster',
      () => world.store.set('assignment', id(3), assignment(3, { task: 'retire', role: 'spare' })),
    ],
  ])('nor of one that %s', async (_, begin) => {
    await begin();
    expect(await drain('n3')).toMatch(/\[drain\.leaves\]$/);
    expect(summaries()).toEqual([]);
  });
});

describe('people take a drain back', () => {
  test('and the request is gone', async () => {
    await drain('n3');
    expect(await uncordon('n3')).toMatchObject({ summary: 'n3 may take pods again' });
    expect(world.store.list('request')).toEqual([]);
    expect(summaries()).toContain('n3 may take pods again');
  });

  test.each([
    [
      'of which nobody asked that',
      'n2',
      /^Nobody asked for n2 to be drained, judged at revision \d+: .*\[drain\.not-requested\]$/,
    ],
    ['that nobody knows', 'n9', /\[drain\.unknown-node\]$/],
  ])('but not of a node %s', async (_, named, answer) => {
    expect(await uncordon(named)).toMatch(answer);
  });

  test('and never a request to leave', async () => {
    const leave = { type: 'leave', nodeId: id(3), incarnation: 1, askedWallMs: 1 } as const;
    await world.store.set('request', id(3), leave);
    expect(await uncordon('n3')).toMatch(/\[drain\.not-requested\]$/);
    expect(world.store.get('request', id(3))?.value).toEqual(leave);
  });
});
