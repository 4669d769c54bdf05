import { describe, expect, test } from '@jest/globals';
import { spec } from '../support/controllers-entries.ts';
import type { World } from '../support/controllers-ports.ts';
import { askIn, worldWithSpec } from '../support/people-asks.ts';
import { progress, rollout } from '../support/rollout-entries.ts';

const PLAN = 'upgrade-v1-35-1-57';

/** A rollout that is under way. */
async function underWay(differs: Parameters<typeof progress>[0] = {}): Promise<World> {
  const world = await worldWithSpec();
  await world.store.set('rollout', PLAN, rollout());
  await world.store.set('progress', PLAN, progress(differs));
  return world;
}

const holds = ({ store }: World) => store.list('hold').map(({ value }) => value);
const summaries = ({ store }: World) => store.list('event').map(({ value }) => value.summary);

describe('people say of the rollout under way', () => {
  test.each([
    { word: 'pause', summary: `the rollout ${PLAN} is to pause at the next safe point` },
    { word: 'cancel', summary: `the rollout ${PLAN} is to end at the next safe point` },
  ] as const)('$word once, with an event', async ({ word, summary }) => {
    const world = await underWay();
    const ask = askIn(world);
    const first = await ask('/v1/hold', { word });
    expect(first).toEqual({ revision: world.store.get('hold', PLAN)?.revision, summary });
    expect(holds(world)).toEqual([{ planId: PLAN, word, saidWallMs: 1_000 }]);
    expect(await ask('/v1/hold', { word, planId: PLAN })).toEqual(first);
    expect(summaries(world)).toEqual([summary]);
  });

  test('resume after they paused it', async () => {
    const world = await underWay();
    const ask = askIn(world);
    await ask('/v1/hold', { word: 'pause' });
    await ask('/v1/hold', { word: 'resume' });
    expect(holds(world).map(({ word }) => word)).toEqual(['resume']);
  });

  test('resume again after each failure, as only a later word ends that', async () => {
    const world = await underWay({ state: 'paused', pausedRevision: 3 });
    const ask = askIn(world);
    const first = world.store.revision;
    await ask('/v1/hold', { word: 'resume' });
    const said = world.store.get('hold', PLAN)?.revision ?? 0;
    expect(said).toBeGreaterThan(first);
    await world.store.set(
      'progress',
      PLAN,
      progress({ state: 'paused', pausedRevision: said + 5 }),
    );
    world.nowMs += 1;
    await ask('/v1/hold', { word: 'resume' });
    expect(world.store.get('hold', PLAN)?.revision).toBeGreaterThan(said);
  });

  test('and what they said of others that are over goes', async () => {
    const world = await underWay();
    const old = 'upgrade-v1-34-4-12';
    await world.store.set('hold', old, { planId: old, word: 'pause', saidWallMs: 0 });
    await askIn(world)('/v1/hold', { word: 'pause' });
    expect(holds(world).map(({ planId }) => planId)).toEqual([PLAN]);
  });
});

describe('a word that makes no sense is refused, and nothing is written:', () => {
  test.each([
    {
      when: 'none is under way',
      differs: { state: 'done' } as const,
      body: { word: 'pause' },
      says: /^No rollout is under way at revision \d+, so there is none to pause: see `civitas plan`\. \[plan\.none-under-way\]$/,
    },
    {
      when: 'it has ended',
      differs: { state: 'done' } as const,
      body: { word: 'cancel', planId: PLAN },
      says: /^The rollout upgrade-v1-35-1-57 is done at revision \d+: see `civitas plan`\. \[plan\.over\]$/,
    },
    {
      when: 'there is no such rollout',
      differs: {},
      body: { word: 'pause', planId: 'upgrade-v1-36-0-60' },
      says: /^There is no rollout upgrade-v1-36-0-60 at revision \d+, or no more: see `civitas plan`\. \[plan\.unknown\]$/,
    },
    {
      when: 'it goes on',
      differs: {},
      body: { word: 'resume' },
      says: /^The rollout upgrade-v1-35-1-57, judged at revision \d+, is not paused: see what it waits for with `civitas plan`\. \[plan\.not-paused\]$/,
    },
    {
      when: 'the word is none',
      differs: {},
      body: { word: 'stop' },
      says: /\[agent\.bad-request\]$/,
    },
  ])('$when', async ({ differs, body, says }) => {
    const world = await underWay(differs);
    const before = world.store.revision;
    expect(await askIn(world)('/v1/hold', body)).toMatch(says);
    expect(world.store.revision).toBe(before);
  });

  test('the spec itself pauses it', async () => {
    const world = await underWay();
    const { upgrade } = spec();
    await world.store.set('spec', 'current', spec({ upgrade: { ...upgrade, paused: true } }));
    expect(await askIn(world)('/v1/hold', { word: 'resume' })).toBe(
      `The rollout ${PLAN}, judged at revision ${world.store.revision}, is paused by upgrade.paused of the spec: set that to false with \`civitas edit\`. [plan.not-paused]`,
    );
  });

  test('it was cancelled', async () => {
    const world = await underWay();
    const ask = askIn(world);
    await ask('/v1/hold', { word: 'cancel' });
    expect(await ask('/v1/hold', { word: 'resume' })).toBe(
      `The rollout ${PLAN} was cancelled, judged at revision ${world.store.revision}, and ends at the next safe point: edit the spec to ask anew. [plan.over]`,
    );
  });
});

describe('people approve a rollout', () => {
  const approvals = ({ store }: World) => store.list('approval').map(({ key }) => key);

  test('and the approval of a plan does not take that of the rollout away', async () => {
    const world = await underWay({ state: 'waiting' });
    const ask = askIn(world);
    const answer = await ask('/v1/approve', { planId: PLAN });
    expect(answer).toMatchObject({
      summary: `the plan ${PLAN} was approved: Upgrade 3 nodes: v1.34.4 → v1.35.1`,
    });
    const later = 'upgrade-v1-35-2-99';
    await world.store.set('rollout', later, rollout({ planId: later }));
    world.nowMs += 1;
    await ask('/v1/approve', { planId: later });
    expect(approvals(world)).toEqual([PLAN, later]);
  });

  test('but none that has ended', async () => {
    const world = await underWay({ state: 'cancelled' });
    expect(await askIn(world)('/v1/approve', { planId: PLAN })).toBe(
      `The rollout ${PLAN} is cancelled at revision ${world.store.revision}: see \`civitas plan\`. [plan.over]`,
    );
  });

  test('nor one that another has taken the place of', async () => {
    const world = await underWay();
    const later = 'upgrade-v1-35-2-99';
    await world.store.set('rollout', later, rollout({ planId: later }));
    expect(await askIn(world)('/v1/approve', { planId: PLAN })).toBe(
      `The rollout ${PLAN} is no longer what is wanted at revision ${world.store.revision}: ${later} has taken its place. [plan.outdated]`,
    );
  });
});
