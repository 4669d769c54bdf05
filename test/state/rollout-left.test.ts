import { expect, test } from '@jest/globals';
import { rolloutLeftMs, type TimedStep } from '../../src/state/rollout-left.ts';

const RELEASE = 'v1.35.1';

function timed(differs: Partial<TimedStep>): TimedStep {
  return {
    task: 'upgrade-kubelet',
    stage: 'workers',
    kubernetesVersion: RELEASE,
    estimateMs: 60_000,
    state: 'to-do',
    startedWallMs: null,
    endedWallMs: null,
    ...differs,
  };
}

const took = (ms: number): TimedStep =>
  timed({ state: 'done', stage: 'canary', startedWallMs: 1_000, endedWallMs: 1_000 + ms });
const prepare = timed({ task: 'prepare', stage: 'prepare', estimateMs: 30_000 });

test.each([
  { when: 'nothing is left', steps: [took(5_000)], maxUnavailable: 1, leftMs: 0 },
  {
    when: 'one after the other',
    steps: [timed({}), timed({})],
    maxUnavailable: 1,
    leftMs: 120_000,
  },
  {
    when: 'two at a time, of three',
    steps: [timed({}), timed({}), timed({})],
    maxUnavailable: 2,
    leftMs: 90_000,
  },
  { when: 'all at a time', steps: [prepare, prepare, prepare], maxUnavailable: 1, leftMs: 30_000 },
  {
    when: 'two releases prepare one after the other',
    steps: [prepare, { ...prepare, kubernetesVersion: 'v1.36.0' }],
    maxUnavailable: 5,
    leftMs: 60_000,
  },
  {
    when: 'control planes go alone, whatever workers may',
    steps: [timed({ stage: 'control planes' }), timed({ stage: 'control planes' })],
    maxUnavailable: 5,
    leftMs: 120_000,
  },
  {
    when: 'one is under way for 20 s',
    steps: [timed({ state: 'under-way', startedWallMs: 80_000 })],
    maxUnavailable: 1,
    leftMs: 40_000,
  },
  {
    when: 'one takes longer than it should',
    steps: [timed({ state: 'under-way', startedWallMs: 0 })],
    maxUnavailable: 1,
    leftMs: 0,
  },
  {
    when: 'those before were faster',
    steps: [took(5_000), took(15_000), timed({})],
    maxUnavailable: 1,
    leftMs: 10_000,
  },
  { when: 'one failed', steps: [timed({ state: 'failed' })], maxUnavailable: 1, leftMs: 60_000 },
  { when: 'one was dropped', steps: [timed({ state: 'dropped' })], maxUnavailable: 1, leftMs: 0 },
] satisfies { when: string; steps: TimedStep[]; maxUnavailable: number; leftMs: number }[])(
  'what a rollout may still take when $when',
  ({ steps, maxUnavailable, leftMs }) => {
    expect(rolloutLeftMs(steps, maxUnavailable, 100_000)).toBe(leftMs);
  },
);
