import { describe, expect, test } from '@jest/globals';
import {
  decideLeadership,
  type LeadershipStep,
  type LeadershipView,
  LIVE_MS,
  lookAfterMs,
  TAKEOVER_MS,
} from '../../../src/runtime/leadership/decide.ts';

const self = 'aaaaaaaaaaa';
const other = 'bbbbbbbbbbb';

const quiet: LeadershipView = {
  self,
  fresh: true,
  readable: true,
  entry: { nodeId: other, revision: 7 },
  heldTerm: undefined,
  silenceMs: 0,
};

interface Row {
  readonly when: string;
  readonly view: Partial<LeadershipView>;
  readonly step: LeadershipStep;
}

describe('decideLeadership', () => {
  test.each<Row>([
    { when: 'another leads and beats', view: {}, step: { type: 'follow' } },
    { when: 'nobody ever led', view: { entry: undefined }, step: { type: 'acquire' } },
    {
      when: 'the last leader released its term',
      view: { entry: { nodeId: null, revision: 8 } },
      step: { type: 'acquire' },
    },
    {
      when: 'the log was not read yet',
      view: { entry: undefined, fresh: false },
      step: { type: 'follow' },
    },
    {
      when: 'the leader was silent for just too short',
      view: { silenceMs: TAKEOVER_MS - 1 },
      step: { type: 'follow' },
    },
    {
      when: 'the leader was silent for long enough',
      view: { silenceMs: TAKEOVER_MS },
      step: { type: 'acquire' },
    },
    {
      when: 'the entry names this node, which holds no term: an earlier life, or a lost one',
      view: { entry: { nodeId: self, revision: 7 } },
      step: { type: 'acquire' },
    },
    {
      when: 'this agent leads',
      view: { entry: { nodeId: self, revision: 7 }, heldTerm: 7 },
      step: { type: 'renew', term: 7 },
    },
    {
      when: 'this agent leads on a log that is not there',
      view: { entry: { nodeId: self, revision: 7 }, heldTerm: 7, fresh: false },
      step: { type: 'renew', term: 7 },
    },
    {
      when: 'nobody seems to lead, but the log holds what only a newer release can read',
      view: { entry: undefined, readable: false },
      step: { type: 'follow' },
    },
    {
      when: 'this agent leads, and a newer release wrote something it can not read',
      view: { entry: { nodeId: self, revision: 7 }, heldTerm: 7, readable: false },
      step: { type: 'step-down', term: 7 },
    },
    {
      when: 'another has taken over from this agent',
      view: { entry: { nodeId: other, revision: 9 }, heldTerm: 7 },
      step: { type: 'step-down', term: 7 },
    },
  ])('when $when', ({ view, step }) => {
    expect(decideLeadership({ ...quiet, ...view })).toEqual(step);
  });

  test('a term is dead for seconds before anybody may take over, so that clocks may differ', () => {
    expect(TAKEOVER_MS - LIVE_MS).toBeGreaterThanOrEqual(5_000);
  });
});

describe('lookAfterMs', () => {
  test.each<{ readonly when: string; readonly view: Partial<LeadershipView>; readonly ms: number }>(
    [
      { when: 'this agent leads: its next beat', view: { heldTerm: 7 }, ms: 2_000 },
      { when: 'another leads: as soon as it may be gone', view: {}, ms: TAKEOVER_MS },
      { when: 'another was silent for a while', view: { silenceMs: 9_000 }, ms: 6_000 },
      { when: 'another was silent for nearly long enough', view: { silenceMs: 14_900 }, ms: 1_000 },
      { when: 'the log was not read yet', view: { fresh: false }, ms: 1_000 },
      { when: 'nobody leads and a claim failed', view: { entry: undefined }, ms: 1_000 },
    ],
  )('is right when $when', ({ view, ms }) => {
    expect(lookAfterMs({ ...quiet, ...view })).toBe(ms);
  });
});
