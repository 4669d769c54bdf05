import { expect, test } from '@jest/globals';
import { plain } from '../../src/cli/paint.ts';
import { renderOpenPlans } from '../../src/cli/status-plans.ts';
import type { RolloutSummary } from '../../src/state/rollout-summary.ts';
import { plan } from '../support/why-entries.ts';

const open = (planId: string) => ({ ...plan(planId), approved: false });

test('civitas status tells on every machine what waits for approval, and how to give it', () => {
  const plans = [open('replace-n2-30'), { ...open('replace-n3-40'), approved: true }];
  expect(renderOpenPlans({ plans, rollout: null }, { paint: plain })).toBe(
    'Waiting for approval:\n  civitas approve replace-n2-30: n2 is dead, n4 takes its place',
  );
  expect(renderOpenPlans({ plans: plans.slice(1), rollout: null }, { paint: plain })).toBe('');
});

test('what the lines of the rollout say already is not said twice', () => {
  const rollout: RolloutSummary = {
    planId: 'upgrade-v1-35-1-57',
    action: 'upgrade',
    state: 'waiting',
    stage: '-',
    steps: 3,
    doneSteps: 0,
    doing: [],
    waiting: null,
  };
  expect(renderOpenPlans({ plans: [open(rollout.planId)], rollout }, { paint: plain })).toBe('');
});
