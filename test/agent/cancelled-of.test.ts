import { describe, expect, test } from '@jest/globals';
import { cancelledOf } from '../../src/agent/cancelled-of.ts';
import type { Kind, Value } from '../../src/state/kinds.ts';
import type { Hold, Progress } from '../../src/state/rollout.ts';
import { nodeView } from '../support/agent-views.ts';
import {
  id,
  initAssignment,
  liveness,
  node,
  served,
  spec,
} from '../support/controllers-entries.ts';
import { FakeStore } from '../support/controllers-store.ts';
import { progress, rollout, upkeep } from '../support/rollout-entries.ts';

const PLAN = 'upgrade-v1-35-1-57';
const PARTS = { apiServer: 'v1.34.4', controllerManager: 'v1.34.4', scheduler: 'v1.34.4' };
const wanted = spec({ kubernetesVersion: 'v1.35.1', controlPlanes: 1 });
const founder = initAssignment(1);
const said = (word: Hold['word']): Value<'hold'> => ({ planId: PLAN, word, saidWallMs: 0 });
const ended = (state: Progress['state']) => progress({ state });

/** n1 at v1.34.4, whose upgrade to v1.35.1 people had planned; then whatever follows, in that order. */
async function seen(...later: readonly (readonly [Kind, string, Value<Kind>])[]) {
  const store = new FakeStore();
  const entries: readonly (readonly [Kind, string, Value<Kind>])[] = [
    ['spec', 'current', wanted],
    ['node', id(1), node(1)],
    ['liveness', id(1), liveness(1)],
    ['assignment', id(1), founder],
    ['status', id(1), served(founder)],
    ['upkeep', id(1), upkeep(1, { ...PARTS, cluster: 'v1.34.4' })],
    ['rollout', PLAN, rollout()],
    ...later,
  ];
  for (const [kind, key, value] of entries) await store.set(kind, key, value);
  return cancelledOf(store, [nodeView('n1', { parts: upkeep(1, PARTS).parts }), nodeView('n2')]);
}

describe('what the spec asks for and people cancelled', () => {
  test('is told with what runs and what is wanted, until it comes about', async () => {
    expect(
      await seen(['hold', PLAN, said('cancel')], ['progress', PLAN, ended('cancelled')]),
    ).toEqual({
      planId: PLAN,
      action: 'upgrade',
      runs: ['v1.34.4'],
      wants: 'v1.35.1',
    });
  });

  test.each<{ what: string; later: readonly (readonly [Kind, string, Value<Kind>])[] }>([
    { what: 'nobody cancelled it', later: [['progress', PLAN, ended('running')]] },
    { what: 'people said to go on', later: [['hold', PLAN, said('resume')]] },
    {
      what: 'the spec was edited later',
      later: [
        ['hold', PLAN, said('cancel')],
        ['spec', 'current', { ...wanted, zones: ['a'] }],
      ],
    },
    {
      what: 'the spec asks for what runs',
      later: [
        ['hold', PLAN, said('cancel')],
        ['spec', 'current', { ...wanted, kubernetesVersion: 'v1.34.4' }],
      ],
    },
  ])('is nothing where $what', async ({ later }) => {
    expect(await seen(...later)).toBeNull();
  });
});
