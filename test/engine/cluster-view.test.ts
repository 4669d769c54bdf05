import { describe, expect, test } from '@jest/globals';
import { clusterView } from '../../src/engine/cluster-view.ts';
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
