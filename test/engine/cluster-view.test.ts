import { expect, test } from '@jest/globals';
import { clusterView } from '../../src/engine/cluster-view.ts';
import type { Liveness } from '../../src/state/liveness.ts';
import { id, liveness, node } from '../support/controllers-entries.ts';
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
