import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createMembership } from '../../../src/controllers/membership/controller.ts';
import { decide, type Observed } from '../../../src/controllers/membership/decide.ts';
import { RetryableError } from '../../../src/errors.ts';
import { reconcile } from '../../../src/runtime/reconcile.ts';
import type { ProbeReport } from '../../../src/state/probe.ts';
import { id, liveness, node } from '../../support/controllers-entries.ts';
import { createWorld, portsIn, type World } from '../../support/controllers-ports.ts';

type Decide = typeof decide;
/** What happens in one second besides the pass of the leader. */
type Second = 'nothing' | 'beat' | 'failover' | 'new-leader' | 'new-life';

const seconds = fc.array(
  fc.oneof(
    { weight: 20, arbitrary: fc.constant<Second>('nothing') },
    {
      weight: 2,
      arbitrary: fc.constantFrom<Second>('beat', 'failover', 'new-leader', 'new-life'),
    },
  ),
  { minLength: 40, maxLength: 150 },
);

/** n1 leads and watches n2; tells of each death that came too early. */
async function watch(timeline: readonly Second[], decideMembership: Decide = decide) {
  const world = createWorld();
  const since = { beat: -1, failover: 0, 'new-leader': 0, 'new-life': 0 };
  const early: string[] = [];
  await world.store.set('node', id(1), node(1));
  await enrol(world);
  world.term = 1;
  const membership = { ...createMembership(), decide: decideMembership };

  for (const second of timeline) {
    world.nowMs += 1_000;
    if (second !== 'nothing') since[second] = world.nowMs;
    if (second === 'new-leader') world.term += 1;
    if (second === 'new-life') await enrol(world);
    const { incarnation } = lifeIn(world);
    world.reports = [missedBy(1, incarnation)];
    world.sinceLogFailoverMs = world.nowMs - since.failover;
    const ageMs = world.nowMs - since.beat;
    world.leases = since.beat < since['new-life'] ? [] : [{ nodeId: id(2), incarnation, ageMs }];

    const before = world.store.revision;
    await reconcile(membership, portsIn(world));
    const youngest = Math.max(...Object.values(since));
    const isNew = world.store.revision !== before;
    if (isNew && isDead(world) && world.nowMs - youngest < 30_000) early.push(`at ${world.nowMs}`);
  }
  return { world, early };
}

/** Another life of n2, of which nothing was heard yet. */
async function enrol(world: World): Promise<void> {
  const incarnation = lifeIn(world).incarnation + 1;
  await world.store.set('node', id(2), node(2, { incarnation }));
}

function lifeIn({ store }: World): { readonly incarnation: number } {
  return store.get('node', id(2))?.value ?? { incarnation: 0 };
}

function missedBy(observer: number, incarnation = 1): ProbeReport {
  return { observer: id(observer), probes: [{ nodeId: id(2), incarnation, finding: 'silent' }] };
}

function isDead({ store }: World): boolean {
  return store.get('liveness', id(2))?.value.verdict === 'dead';
}

describe('membership', () => {
  test('never declares a node dead within 30 s of a beat, a failover of the log, a new leader or its enrolment', async () => {
    await fc.assert(
      fc.asyncProperty(seconds, async (timeline) => {
        expect((await watch(timeline)).early).toEqual([]);
      }),
    );
  });

  const long = 1_000_000;
  test.each<[string, (observed: Observed) => Observed]>([
    ['for how long it has listened', (observed) => ({ ...observed, watchedMs: long })],
    [
      'for how long it has known them',
      (observed) => ({
        ...observed,
        knownForMs: new Map(observed.nodes.map(({ nodeId }) => [nodeId, long])),
      }),
    ],
  ])('without asking %s it does', async (_guard, altered) => {
    const impatient: Decide = (observed) => decide(altered(observed));
    const property = fc.asyncProperty(seconds, async (timeline) => {
      return (await watch(timeline, impatient)).early.length === 0;
    });
    expect((await fc.check(property, { seed: 7 })).failed).toBe(true);
  });

  test('declares a silent node dead after 30 s', async () => {
    const silence = Array<Second>(31).fill('nothing');
    const { world } = await watch(['beat', ...silence]);
    expect(world.store.get('liveness', id(2))?.value).toEqual(
      liveness(2, {
        verdict: 'dead',
        evidence: 'its lease was last renewed 30 s ago; n1 did not reach it',
      }),
    );
  });

  test('writes nothing while all stays as it is', async () => {
    const beats = Array.from(
      { length: 100 },
      (_, n): Second => (n % 10 === 0 ? 'beat' : 'nothing'),
    );
    const { world } = await watch(beats);
    expect(world.store.get('liveness', id(2))?.revision).toBe(world.store.revision);
    expect(world.store.revision).toBe(5);
  });

  test('keeps a node that flaps under suspicion, for longer each time', async () => {
    const world = createWorld();
    const membership = createMembership();
    const written: string[] = [];
    for (const number of [1, 2]) await world.store.set('node', id(number), node(number));
    world.term = 1;
    for (let second = 0; second < 600; second += 1) {
      world.nowMs += 1_000;
      world.leases = [{ nodeId: id(2), incarnation: 1, ageMs: 3_000 }];
      world.reports = second % 10 < 5 ? [] : [missedBy(1)];
      const before = world.store.revision;
      await reconcile(membership, portsIn(world));
      const verdict = world.store.get('liveness', id(2))?.value.verdict ?? 'none';
      if (world.store.revision !== before) written.push(`${second} s ${verdict}`);
    }
    expect(written).toEqual([
      '0 s alive',
      '5 s suspect',
      '10 s alive',
      '15 s suspect',
      '20 s alive',
      '25 s suspect',
      '30 s alive',
      '35 s suspect',
      '70 s alive',
      '75 s suspect',
      '140 s alive',
      '145 s suspect',
      '270 s alive',
      '275 s suspect',
      '520 s alive',
      '525 s suspect',
    ]);
  });

  test('drops its judgement when it leads no more by the time of the write', async () => {
    const world = createWorld();
    world.term = 8;
    const judged = { type: 'judge', term: 7, liveness: liveness(2), ifRevision: 0 } as const;
    await expect(createMembership().act(judged, portsIn(world))).rejects.toThrow(RetryableError);
    expect(world.store.list('liveness')).toEqual([]);
  });
});
