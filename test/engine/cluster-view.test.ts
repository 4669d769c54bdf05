import { describe, expect, test } from '@jest/globals';
import { clusterView } from '../../src/engine/cluster-view.ts';
import type { Kind, Value } from '../../src/state/kinds.ts';
import type { Liveness } from '../../src/state/liveness.ts';
import type { Wait } from '../../src/state/status.ts';
import { NO_PARTS, type StandBy } from '../../src/state/upkeep.ts';
import { assignment, id, liveness, node, served } from '../support/controllers-entries.ts';
import { FakeStore } from '../support/controllers-store.ts';

async function shown(verdict: Liveness['verdict'] | undefined, missed: readonly string[]) {
  const store = new FakeStore();
  await store.set('node', id(2), node(2));
  if (verdict) await store.set('liveness', id(2), liveness(2, { verdict }));
  return clusterView(store, new Set(missed)).nodes.map((each) => each.liveness);
}

test.each([
  { verdict: 'alive', missed: [], liveness: 'alive' },
  { verdict: 'alive', missed: [id(2)], liveness: 'suspect' },
  { verdict: 'alive', missed: [id(3)], liveness: 'alive' },
  { verdict: 'suspect', missed: [], liveness: 'suspect' },
  { verdict: 'dead', missed: [id(2)], liveness: 'dead' },
  { verdict: undefined, missed: [], liveness: 'unknown' },
  { verdict: undefined, missed: [id(2)], liveness: 'suspect' },
] as const)(
  'a node that is $verdict in the log is shown as $liveness where $missed.length are missed',
  async ({ verdict, missed, liveness: expected }) => {
    expect(await shown(verdict, missed)).toEqual([expected]);
  },
);

describe('a node that stands by', () => {
  const wait = { reason: 'images', message: 'images can not be had', sinceWallMs: 1 };
  const given = assignment(2, {
    operationId: 'stand-by-2',
    role: 'spare',
    task: 'stand-by',
    sponsor: null,
  });

  async function seen(operationId: string, state: StandBy['state'], waiting: Wait | null = null) {
    const store = new FakeStore();
    await store.set('node', id(2), node(2));
    await store.set('assignment', id(2), given);
    await store.set('status', id(2), served(given));
    await store.set('upkeep', id(2), {
      nodeId: id(2),
      incarnation: 1,
      parts: NO_PARTS,
      prepared: [],
      configurationDigest: null,
      work: null,
      standBy: { operationId, kubernetesVersion: 'v1.34.4', state, waiting },
    });
    return clusterView(store).nodes.map(({ standBy, waiting: why }) => [standBy, why?.message]);
  }

  test('is shown as warm, or with what it waits for until it is', async () => {
    expect(await seen('stand-by-2', 'warm')).toEqual([['warm', undefined]]);
    expect(await seen('stand-by-2', 'warming', wait)).toEqual([['warming', wait.message]]);
  });

  test('is not shown as what it was when it stood by before', async () => {
    expect(await seen('stand-by-1', 'warm')).toEqual([[null, undefined]]);
  });
});

describe('what a node says of itself is shown as it is known:', () => {
  const worker = assignment(2);
  const serves = served(worker);
  const retire = assignment(2, { operationId: 'retire-2', role: 'spare', task: 'retire' });
  const asked = (type: 'leave' | 'drain', incarnation = 1) => {
    return { type, nodeId: id(2), incarnation, askedWallMs: 0 };
  };
  const departure = (state: 'under-way' | 'done') => {
    const operationId = 'retire-2';
    return { nodeId: id(2), incarnation: 1, operationId, by: id(1), state, waiting: null };
  };
  const drain = (state: 'draining' | 'drained' | 'released', incarnation = 1) => {
    const operationId = 'drain-2';
    return {
      nodeId: id(2),
      incarnation,
      operationId,
      by: id(1),
      state,
      podsLeft: 0,
      waiting: null,
    };
  };

  interface Case {
    readonly what: string;
    readonly entries: { readonly [K in Kind]?: Value<K> };
    readonly phase: string;
    readonly drain: string | null;
  }

  test.each<Case>([
    { what: 'it serves', entries: {}, phase: 'serving', drain: null },
    {
      what: 'it is dead',
      entries: { liveness: liveness(2, { verdict: 'dead' }) },
      phase: 'unknown',
      drain: null,
    },
    {
      what: 'it is to be drained',
      entries: { request: asked('drain') },
      phase: 'serving',
      drain: 'asked',
    },
    {
      what: 'it was to be drained in an earlier life',
      entries: { request: asked('drain', 2), drain: drain('drained', 2) },
      phase: 'serving',
      drain: null,
    },
    {
      what: 'it is drained for people',
      entries: { request: asked('drain'), drain: drain('draining') },
      phase: 'serving',
      drain: 'draining',
    },
    {
      what: 'it was drained',
      entries: { request: asked('drain'), drain: drain('drained') },
      phase: 'serving',
      drain: 'drained',
    },
    {
      what: 'it takes pods again',
      entries: { drain: drain('released') },
      phase: 'serving',
      drain: null,
    },
    { what: 'it is to leave', entries: { request: asked('leave') }, phase: 'serving', drain: null },
    {
      what: 'it leaves',
      entries: { request: asked('leave'), assignment: retire, departure: departure('under-way') },
      phase: 'serving',
      drain: null,
    },
    {
      what: 'the cluster let go of it, and its host is not clean yet',
      entries: { request: asked('leave'), assignment: retire, departure: departure('done') },
      phase: 'serving',
      drain: null,
    },
    {
      what: 'it left',
      entries: {
        ...{ request: asked('leave'), assignment: retire, departure: departure('done') },
        status: served(retire),
      },
      phase: 'left',
      drain: null,
    },
    {
      what: 'it left, and was switched off',
      entries: {
        ...{ request: asked('leave'), assignment: retire, departure: departure('done') },
        liveness: liveness(2, { verdict: 'dead' }),
      },
      phase: 'left',
      drain: null,
    },
    {
      what: 'it stands by, as others are enough',
      entries: { assignment: retire, departure: departure('done'), status: served(retire) },
      phase: 'spare',
      drain: null,
    },
  ])('$what', async ({ entries, phase, drain: shownDrain }) => {
    const store = new FakeStore();
    await store.set('node', id(2), node(2));
    const all = { liveness: liveness(2), assignment: worker, status: serves, ...entries };
    for (const [kind, value] of Object.entries(all)) {
      await store.set(kind as Kind, id(2), value as Value<Kind>);
    }
    const seen = clusterView(store).nodes.map((each) => [each.phase, each.drain]);
    expect(seen).toEqual([[phase, shownDrain]]);
  });
});
