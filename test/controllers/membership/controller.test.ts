import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createMembership } from '../../../src/controllers/membership/controller.ts';
import { decide } from '../../../src/controllers/membership/decide.ts';
import { RetryableError } from '../../../src/errors.ts';
import { reconcile } from '../../../src/runtime/reconcile.ts';
import type { ProbeReport } from '../../../src/state/probe.ts';
import { id, liveness, node } from '../../support/controllers-entries.ts';
import { createWorld, portsIn, type World } from '../../support/controllers-ports.ts';

type Decide = typeof decide;
/** What happens in one second besides the pass of the leader. */
type Second = 'nothing' | 'beat' | 'failover' | 'new-leader';

const seconds = fc.array(
  fc.oneof(
    { weight: 20, arbitrary: fc.constant<Second>('nothing') },
    { weight: 2, arbitrary: fc.constantFrom<Second>('beat', 'failover', 'new-leader') },
  ),
  { minLength: 40, maxLength: 150 },
);

/** n1 leads and watches n2; tells of each death that came too early. */
async function watch(timeline: readonly Second[], decideMembership: Decide = decide) {
  const world = createWorld();
  const since = { beat: -1, failover: 0, 'new-leader': 0 };
  const early: string[] = [];
  for (const number of [1, 2]) await world.store.set('node', id(number), node(number));
  world.term = 1;
  world.reports = [missedBy(1)];
  const membership = { ...createMembership(), decide: decideMembership };

  for (const second of timeline) {
    world.nowMs += 1_000;
    if (second !== 'nothing') since[second] = world.nowMs;
    if (second === 'new-leader') world.term += 1;
    world.sinceLogFailoverMs = world.nowMs - since.failover;
    const ageMs = world.nowMs - since.beat;
    world.leases = since.beat < 0 ? [] : [{ nodeId: id(2), incarnation: 1, ageMs }];

    const before = world.store.revision;
    await reconcile(membership, portsIn(world));
    const youngest = Math.max(since.beat, since.failover, since['new-leader']);
    const isNew = world.store.revision !== before;
    if (isNew && isDead(world) && world.nowMs - youngest < 30_000) early.push(`at ${world.nowMs}`);
  }
  return { world, early };
}

function missedBy(observer: number): ProbeReport {
  return { observer: id(observer), probes: [{ nodeId: id(2), incarnation: 1, finding: 'silent' }] };
}

function isDead({ store }: World): boolean {
  return store.get('liveness', id(2))?.value.verdict === 'dead';
}

describe('membership', () => {
  test('never declares a node dead within 30 s of a beat, a failover of the log or a new leader', async () => {
    await fc.assert(
      fc.asyncProperty(seconds, async (timeline) => {
        expect((await watch(timeline)).early).toEqual([]);
      }),
    );
  });

  test('without the guard it does', async () => {
    const impatient: Decide = (observed) => decide({ ...observed, watchedMs: 1_000_000 });
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
