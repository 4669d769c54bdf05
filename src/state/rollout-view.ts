import type { Entry } from './kinds.ts';
import type { Order } from './order.ts';
import type { OrderReport } from './order-report.ts';
import type { Hold, Progress, Rollout, RolloutStep } from './rollout.ts';
import { rolloutLeftMs } from './rollout-left.ts';
import { progressOf, type RolloutEntries } from './rollout-under-way.ts';
import type { Wait } from './status.ts';

/** What of the log tells how rollouts are and what they wait for. */
export interface RolloutViewEntries extends RolloutEntries {
  readonly spec: readonly Entry<'spec'>[];
  readonly holds: readonly Entry<'hold'>[];
  readonly approvals: readonly Entry<'approval'>[];
  readonly orders: readonly Entry<'order'>[];
  readonly upkeeps: readonly Entry<'upkeep'>[];
  readonly certificates: readonly Entry<'certificates'>[];
  readonly drains: readonly Entry<'drain'>[];
}

/** One step of a rollout, and what came of it so far. */
export interface StepView extends RolloutStep {
  readonly state: 'to-do' | 'under-way' | 'done' | 'failed' | 'dropped';
  readonly startedWallMs: number | null;
  readonly endedWallMs: number | null;
  /** What is done right now; null unless it is under way and somebody said. */
  readonly doing: string | null;
  readonly waiting: Wait | null;
  /** Why it failed; null unless it did. */
  readonly why: string | null;
}

/** A rollout as people follow it. */
export interface RolloutView extends Omit<Rollout, 'steps'> {
  readonly state: Progress['state'];
  readonly stage: string;
  /** What people said last; null: nothing. */
  readonly word: Hold['word'] | null;
  readonly approved: boolean;
  readonly startedWallMs: number | null;
  readonly endedWallMs: number | null;
  readonly waiting: Wait | null;
  /** Steps that did what they were to do; one that was dropped did not. */
  readonly doneSteps: number;
  /** How long it may still take if nothing keeps it; 0 once it ended. */
  readonly leftMs: number;
  readonly steps: readonly StepView[];
}

/** How a rollout stands at a moment of the wall clock. Pure. */
export function rolloutView(
  { key, value: rollout }: Entry<'rollout'>,
  entries: RolloutViewEntries,
  wallMs: number,
): RolloutView {
  const progress = progressOf(key, entries);
  const steps = rollout.steps.map((step, index) => stepView(step, index, progress, entries));
  const isOver = progress?.state === 'done' || progress?.state === 'cancelled';
  const maxUnavailable = entries.spec[0]?.value.upgrade.maxUnavailable ?? 1;
  return {
    ...rollout,
    state: progress?.state ?? 'waiting',
    stage: progress?.stage || '-',
    word: entries.holds.find((hold) => hold.key === key)?.value.word ?? null,
    approved: entries.approvals.some((approval) => approval.key === key),
    startedWallMs: progress?.startedWallMs ?? null,
    endedWallMs: progress?.endedWallMs ?? null,
    waiting: progress?.waiting ?? null,
    doneSteps: steps.filter(({ state }) => state === 'done').length,
    leftMs: isOver ? 0 : rolloutLeftMs(steps, maxUnavailable, wallMs),
    steps,
  };
}

function stepView(
  step: RolloutStep,
  index: number,
  progress: Progress | undefined,
  entries: RolloutViewEntries,
): StepView {
  const last = progress?.steps.findLast((tried) => tried.index === index);
  if (last === undefined || last.outcome === 'recalled') {
    const nothing = {
      startedWallMs: null,
      endedWallMs: null,
      doing: null,
      waiting: null,
      why: null,
    };
    return { ...step, state: 'to-do', ...nothing };
  }
  const { startedWallMs, endedWallMs, outcome, operationId } = last;
  const told = outcome === null ? toldOf(step.nodeId, operationId, entries) : undefined;
  return {
    ...step,
    state: outcome ?? 'under-way',
    startedWallMs,
    endedWallMs,
    doing: told?.doing ?? null,
    waiting: told?.waiting ?? null,
    why: outcome === 'failed' ? (last.why ?? null) : null,
  };
}

/** What whoever carries it out, or drains the node for it, said of it. */
function toldOf(nodeId: string, operationId: string, entries: RolloutViewEntries) {
  const isOf = <E extends { readonly operationId: string }>(each: E | null | undefined) =>
    each?.operationId === operationId ? each : undefined;
  const at = <V>(list: readonly { readonly key: string; readonly value: V }[]) =>
    list.find(({ key }) => key === nodeId)?.value;
  const order: Order | undefined = isOf(at(entries.orders));
  const work: OrderReport | undefined =
    isOf(at(entries.upkeeps)?.work) ?? isOf(at(entries.certificates)?.work);
  const drain = isOf(at(entries.drains));
  if (order?.recalled && drain?.state !== 'drained') {
    return { doing: 'is let off its drain', waiting: drain?.waiting ?? null };
  }
  if (order?.drains && drain?.state === 'draining') {
    return { doing: `gives its pods away, ${drain.podsLeft} left`, waiting: drain.waiting };
  }
  return work && { doing: work.step, waiting: work.waiting };
}
