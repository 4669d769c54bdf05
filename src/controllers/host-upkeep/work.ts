import type { UpkeepEvent } from '../../machines/upkeep.ts';
import { advanceUpkeep, FIRST_UPKEEP_PROGRESS, isHalfway } from '../../machines/upkeep-progress.ts';
import type { Order } from '../../state/order.ts';
import type { Action } from './action.ts';
import { commandName } from './commands.ts';
import type { Course } from './course.ts';
import { isOf, type Job } from './job.ts';
import type { Observed, Parts, Sight } from './observed.ts';

/** One order, how far it is, and the host that is under it. */
export interface Work {
  readonly order: Order;
  readonly job: Job;
  /** An earlier order of the same kind left the host half done: what it kept of before still counts. */
  readonly takesOver: boolean;
  readonly sight: Sight;
  readonly parts: Parts;
}

/** The next step follows at once. */
export const NEXT_STEP_MS = 100;

/** Only for an order that is looked at. */
export function workOf(observed: Observed, order: Order): Work {
  const { job, sight, parts } = observed;
  if (!sight) throw new RangeError('nothing was seen of the host under its order');
  const own = job && isOf(job, order) ? job : undefined;
  const takesOver = own === undefined && isSameWork(observed, order);
  return {
    order,
    job: own ?? firstJob(observed, order, sight, takesOver ? job : undefined),
    takesOver,
    sight,
    parts,
  };
}

/** Nothing but the entry on disk that an event leads to; what follows from it is for the next pass. */
export function step(work: Work, event: UpkeepEvent, text: string): Course {
  return { step: text, actions: [keepAfter(work, event)], lookAgainMs: NEXT_STEP_MS };
}

/** Of the command of the attempt that is next, under way or last. */
export function nameOf({ job }: Work): string {
  return commandName(job.operationId, job.progress.failures);
}

/** Keeps how far the order is after the event. */
export function keepAfter({ job }: Work, event: UpkeepEvent): Action {
  return { type: 'keep-job', job: { ...job, progress: advanceUpkeep(job.progress, event) } };
}

function firstJob(
  observed: Observed,
  { operationId, task, kubernetesVersion }: Order,
  { configuration }: Sight,
  former: Job | undefined,
): Job {
  const { reported, wallMs, servesBy = '' } = observed;
  const told = reported?.value.work;
  return {
    operationId,
    task,
    kubernetesVersion,
    servesBy,
    startedWallMs: told?.operationId === operationId ? told.startedWallMs : wallMs,
    before: former?.before ?? null,
    ...(configuration && {
      touchesStaticPods: configuration.touchesStaticPods || leftUndone(observed),
    }),
    progress: FIRST_UPKEEP_PROGRESS,
  };
}

/** The last order that made static pods anew did not come to its end: nobody can tell what they are. */
function leftUndone({ job, servesBy }: Observed): boolean {
  if (!job || job.servesBy !== servesBy || job.progress.state === 'done') return false;
  return job.task === 'upgrade-control-plane' || mayTouchStaticPods(job);
}

/** Of a reconfiguration: so too where it was begun by a civitas that did not ask. */
export function mayTouchStaticPods({ task, touchesStaticPods = true }: Job): boolean {
  return task === 'reconfigure' && touchesStaticPods;
}

function isSameWork({ job, servesBy }: Observed, order: Order): boolean {
  if (!job || !isHalfway(job.progress) || job.servesBy !== servesBy) return false;
  return job.task === order.task && job.kubernetesVersion === order.kubernetesVersion;
}
