import { describe, expect, test } from '@jest/globals';
import { RetryableError } from '../../src/errors.ts';
import { spec } from '../support/controllers-entries.ts';
import type { World } from '../support/controllers-ports.ts';
import { askIn, worldWithSpec } from '../support/people-asks.ts';
import { upkeep } from '../support/rollout-entries.ts';

const VERSION = { kubernetesVersion: 'v1.34.4' };
const edit = (fields: object, more: object = {}) => {
  return { document: { ...VERSION, ...fields }, dryRun: false, ...more };
};
const editions = ({ store }: World) =>
  store.list('edition').map(({ key, value: { spec: kept } }) => [key, kept.size]);

describe('an edit keeps the spec that it replaces', () => {
  test('under its revision, and with the moment when it was replaced', async () => {
    const world = await worldWithSpec();
    await askIn(world)('/v1/spec', edit({ size: 4 }));
    const second = world.store.get('spec', 'current')?.revision ?? 0;
    world.nowMs = 2_000;
    await askIn(world)('/v1/spec', edit({ size: 5 }));
    expect(editions(world)).toEqual([
      ['1', undefined],
      [String(second), 4],
    ]);
    expect(world.store.get('edition', '1')?.value).toEqual({
      revision: 1,
      spec: spec(),
      replacedWallMs: 1_000,
    });
  });

  test('before it takes the place, so that none is lost when the agent ends in between', async () => {
    const world = await worldWithSpec();
    const put = world.store.put.bind(world.store);
    world.store.put = async (kind, key, value, ifRevision) => {
      if (kind === 'spec') throw new RetryableError('store.unavailable', 'No quorum.');
      return put(kind, key, value, ifRevision);
    };
    expect(await askIn(world)('/v1/spec', edit({ size: 4 }))).toBe(
      'No quorum. [store.unavailable]',
    );
    expect(editions(world)).toEqual([['1', undefined]]);
    world.store.put = put;
    world.nowMs = 9_000;
    await askIn(world)('/v1/spec', edit({ size: 4 }));
    expect(world.store.get('edition', '1')?.value.replacedWallMs).toBe(9_000);
  });

  test('and nothing where it is refused, or nothing differs', async () => {
    const world = await worldWithSpec();
    await askIn(world)('/v1/spec', edit({ size: 2 }));
    await askIn(world)('/v1/spec', edit({}));
    expect(editions(world)).toEqual([]);
  });

  test('and the oldest beyond fifty go', async () => {
    const world = await worldWithSpec();
    for (let number = 0; number < 53; number += 1) {
      world.nowMs += 1;
      await askIn(world)('/v1/spec', edit({ size: 4 + (number % 2) }));
    }
    const kept = editions(world);
    expect(kept).toHaveLength(50);
    expect(kept.some(([key]) => key === '1')).toBe(false);
  });
});

test('of two edits of one revision the first one wins, and the other is told what differs', async () => {
  const world = await worldWithSpec();
  const elsewhere = { ...world, nowMs: 1_001 };
  const [first, second] = await Promise.all([
    askIn(world)('/v1/spec', edit({ size: 4 }, { ifRevision: 1 })),
    askIn(elsewhere)('/v1/spec', edit({ controlPlanes: 5 }, { ifRevision: 1 })),
  ]);
  const now = world.store.get('spec', 'current');
  expect(now?.value).toEqual(spec({ size: 4 }));
  expect(first).toEqual({
    revision: now?.revision,
    changes: [{ field: 'size', before: undefined, after: 4 }],
    wordingKept: true,
  });
  expect(second).toBe(
    `The spec was changed by somebody else, from revision 1 to ${now?.revision} (yours says controlPlanes: 3 → 5, size: 4 → (not set)): read it again with \`civitas get spec\` and apply your change to that. [apply.conflict]`,
  );
  expect(editions(world)).toEqual([['1', undefined]]);
  expect(world.store.list('event').map(({ value }) => value.summary)).toEqual([
    'the spec was changed: size: (not set) → 4',
  ]);
});

describe('the words of people', () => {
  const wording = '# four racks\nsize: 4\nkubernetesVersion: v1.34.4\n';
  const wordings = ({ store }: World) => store.list('wording').map(({ value }) => value.text);

  test('are kept with their comments, also where these alone are new', async () => {
    const world = await worldWithSpec();
    const ask = askIn(world);
    await ask('/v1/spec', edit({ size: 4 }, { wording }));
    expect(wordings(world)).toEqual([wording]);
    const other = wording.replace('four', 'some');
    expect(await ask('/v1/spec', edit({ size: 4 }, { wording: other }))).toMatchObject({
      changes: [],
      wordingKept: true,
    });
    expect(wordings(world)).toEqual([other]);
  });

  test('stay where somebody edits without any, and where an edit is only judged', async () => {
    const world = await worldWithSpec();
    const ask = askIn(world);
    await ask('/v1/spec', edit({ size: 4 }, { wording }));
    world.nowMs += 1;
    expect(await ask('/v1/spec', edit({ size: 5 }))).toMatchObject({ wordingKept: true });
    await ask('/v1/spec', edit({ size: 6 }, { wording: 'size: 6', dryRun: true }));
    expect(wordings(world)).toEqual([wording]);
  });

  test('are none of an edit that is refused', async () => {
    const world = await worldWithSpec();
    await askIn(world)('/v1/spec', edit({ size: 2 }, { wording }));
    expect(wordings(world)).toEqual([]);
  });

  test('may be lost without the edit being so, which is told', async () => {
    const world = await worldWithSpec();
    const put = world.store.put.bind(world.store);
    world.store.put = async (kind, key, value, ifRevision) => {
      if (kind === 'wording') throw new RetryableError('store.conflict', 'It moved.');
      return put(kind, key, value, ifRevision);
    };
    const answer = await askIn(world)('/v1/spec', edit({ size: 4 }, { wording }));
    expect(answer).toMatchObject({ wordingKept: false });
    expect(world.store.get('spec', 'current')?.value.size).toBe(4);
  });
});

describe('a way back', () => {
  test.each([
    { runs: 'v1.33.9', outcome: { changes: [{ field: 'kubernetesVersion' }] } },
    { runs: 'v1.34.4', outcome: expect.stringContaining('older than v1.34.4, which n1 runs') },
  ])('to v1.33.9 where n1 runs $runs', async ({ runs, outcome }) => {
    const world = await worldWithSpec();
    await world.store.set('upkeep', upkeep(1).nodeId, upkeep(1, { kubelet: runs }));
    const answer = await askIn(world)('/v1/spec', edit({ kubernetesVersion: 'v1.33.9' }));
    if (typeof outcome === 'object' && 'changes' in outcome) expect(answer).toMatchObject(outcome);
    else expect(answer).toEqual(outcome);
  });
});
