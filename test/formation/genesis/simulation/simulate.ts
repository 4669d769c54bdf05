import type { Rules } from '../../../../src/formation/genesis/rules.ts';
import { FAULTS_END_MS, type Plan } from './plan.ts';
import { createSimulation } from './simulation.ts';

const GIVE_UP_MS = FAULTS_END_MS + 20_000;

export interface Result {
  readonly record: string | null;
  readonly violation: string | null;
  /** Each of two records comes from voters of whom one was unknown to the other's voters. */
  readonly isExcused: boolean;
  /** From the end of the faults until all survivors have formed; null: not within 20 s. */
  readonly formedAfterMs: number | null;
}

/** Runs the plan until all have formed, something broke, or there is no hope. */
export function simulate(plan: Plan, rules?: Rules): Result {
  const simulation = createSimulation(plan, rules);
  const { nowMs, violation, haveAllFormed } = simulation;
  simulation.start();
  while (!violation() && !haveAllFormed() && nowMs() < GIVE_UP_MS) simulation.runNext();
  return {
    record: simulation.record(),
    violation: violation(),
    isExcused: violation() !== null && simulation.isExcused(),
    formedAfterMs: haveAllFormed() ? Math.max(0, nowMs() - FAULTS_END_MS) : null,
  };
}
