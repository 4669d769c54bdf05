import { isHalfway, isOver } from '../../machines/upkeep-progress.ts';
import { datedWait } from '../../state/dated-wait.ts';
import type { Order } from '../../state/order.ts';
import type { OrderReport } from '../../state/order-report.ts';
import { sameValue } from '../../state/same-value.ts';
import type { Upkeep } from '../../state/upkeep.ts';
import type { Action } from './action.ts';
import type { Course } from './course.ts';
import { isOf, type Job } from './job.ts';
import type { Observed, Parts } from './observed.ts';

/** What the log keeps of them. */
const MOST_PREPARED = 16;

/** The entry of this node, when something of it changed. */
export function report(observed: Observed, course: Course | undefined): readonly Action[] {
  const { reported } = observed;
  const upkeep = upkeepOf(observed, course);
  if (sameValue(upkeep, reported?.value)) return [];
  return [{ type: 'report', upkeep, ifRevision: reported?.revision ?? 0 }];
}

function upkeepOf(observed: Observed, course: Course | undefined): Upkeep {
  const { nodeId, incarnation, reported } = observed;
  // What an earlier incarnation said of itself is no longer true.
  const before = reported?.value.incarnation === incarnation ? reported.value : undefined;
  return {
    nodeId,
    incarnation,
    parts: partsOf(observed, before),
    prepared: preparedOf(observed, before?.prepared ?? []),
    configurationDigest: observed.configurationDigest ?? before?.configurationDigest ?? null,
    work: workReport(observed, course, before?.work ?? null),
  };
}

/** Half of an upgrade is worth no entry for each of its parts: nobody builds upon it before its end. */
function partsOf({ parts, order, job }: Observed, before: Upkeep | undefined): Parts {
  if (before === undefined || !order || !job || !isOf(job, order)) return parts;
  return isHalfway(job.progress) ? before.parts : parts;
}

function preparedOf({ job }: Observed, before: readonly string[]): string[] {
  if (job?.task !== 'prepare' || job.progress.state !== 'done') return [...before];
  return [...new Set([...before, job.kubernetesVersion])].slice(-MOST_PREPARED);
}

function workReport(
  observed: Observed,
  course: Course | undefined,
  before: OrderReport | null,
): OrderReport | null {
  const { order, job } = observed;
  if (job && isOver(job.progress)) {
    const isNewest = order ? isOf(job, order) : before?.operationId === job.operationId;
    if (isNewest) return ended(job, before);
  }
  if (!order || !course) return before;
  const same = before?.operationId === order.operationId ? before : undefined;
  return {
    operationId: order.operationId,
    task: order.task,
    step: course.step,
    state: 'under-way',
    reason: null,
    waiting: datedWait(course.waiting, same?.waiting, observed.wallMs),
    startedWallMs: same?.startedWallMs ?? observed.wallMs,
    ...(isProving(job, order) && { proving: true }),
  };
}

function isProving(job: Job | undefined, order: Order): boolean {
  return isOf(job, order) && job?.progress.state === 'verifying';
}

function ended(
  { operationId, task, progress, startedWallMs }: Job,
  before: OrderReport | null,
): OrderReport {
  const isDone = progress.state === 'done';
  return {
    operationId,
    task,
    step: isDone ? 'is over' : 'was given up',
    state: isDone ? 'done' : 'failed',
    reason: isDone ? null : progress.reason,
    waiting: null,
    startedWallMs: before?.operationId === operationId ? before.startedWallMs : startedWallMs,
  };
}
