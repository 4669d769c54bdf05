import type { OrderTask } from './order.ts';
import type { RolloutStep } from './rollout.ts';

/** What of a step tells how long it may still take. */
export interface TimedStep
  extends Pick<RolloutStep, 'task' | 'stage' | 'kubernetesVersion' | 'estimateMs'> {
  readonly state: 'to-do' | 'under-way' | 'done' | 'failed' | 'dropped';
  readonly startedWallMs: number | null;
  readonly endedWallMs: number | null;
}

/**
 * How long steps may still take: stage after stage, as many at a time as each allows. What steps of
 * the same task took in this rollout counts more than the plan's estimate.
 */
export function rolloutLeftMs(
  steps: readonly TimedStep[],
  maxUnavailable: number,
  wallMs: number,
): number {
  const open = steps.filter(({ state }) => state !== 'done' && state !== 'dropped');
  const took = durations(steps);
  const stages = Map.groupBy(
    open,
    ({ stage, kubernetesVersion }) => `${kubernetesVersion} ${stage}`,
  );
  return [...stages.values()].reduce((sum, stage) => {
    const [first] = stage;
    const parts = first ? atOnce(first, stage.length, maxUnavailable) : 1;
    const left = stage.map((step) => stepLeftMs(step, took, wallMs));
    return sum + Math.max(Math.max(...left), totalMs(left) / parts);
  }, 0);
}

function stepLeftMs(
  { task, state, estimateMs, startedWallMs }: TimedStep,
  took: ReadonlyMap<OrderTask, number>,
  wallMs: number,
): number {
  const wholeMs = took.get(task) ?? estimateMs;
  if (state !== 'under-way' || startedWallMs === null) return wholeMs;
  return Math.max(0, wholeMs - Math.max(0, wallMs - startedWallMs));
}

function atOnce({ stage }: TimedStep, all: number, maxUnavailable: number): number {
  if (stage === 'prepare') return all;
  return stage === 'workers' ? Math.min(all, maxUnavailable) : 1;
}

/** What the steps that are done took on average, by task. */
function durations(steps: readonly TimedStep[]): ReadonlyMap<OrderTask, number> {
  const done = steps.filter(({ state }) => state === 'done');
  const times = Map.groupBy(done, ({ task }) => task);
  return new Map(
    [...times].map(([task, ended]) => {
      const each = ended.map((step) => (step.endedWallMs ?? 0) - (step.startedWallMs ?? 0));
      return [task, Math.max(0, totalMs(each) / each.length)];
    }),
  );
}

function totalMs(each: readonly number[]): number {
  return each.reduce((sum, ms) => sum + ms, 0);
}
