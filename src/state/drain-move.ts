import { type DrainBudget, type DrainPod, type DrainStep, drainStep, isDrained } from './drain.ts';
import { drainDeadlocks, drainObstacles } from './drain-report.ts';
import type { KeptPods } from './kept-pods.ts';
import type { WaitReason } from './status.ts';

/** A Node that is to be emptied, and what is on it. */
export interface DrainSight<Pod extends DrainPod> {
  readonly hostname: string;
  readonly ready: boolean;
  readonly unschedulable: boolean;
  readonly pods: readonly Pod[];
  readonly budgets: readonly DrainBudget[];
  readonly attachments: readonly { readonly name: string; readonly volume: string | null }[];
  readonly keeps: KeptPods;
  /** `upgrade.drainTimeoutSeconds` are over. */
  readonly overdue: boolean;
}

/** What is done next for it, and what keeps the rest from being done. */
export interface DrainMove<Pod extends DrainPod> {
  readonly cordon: boolean;
  readonly evict: readonly Pod[];
  readonly podsLeft: number;
  readonly waiting: WaitReason | undefined;
}

/**
 * How a Node is emptied, never by force; undefined once it is. No cordon before spec and budgets let all
 * its pods go some day. Bare ones, which nobody makes anew, go only once it is overdue, so that people
 * can save them.
 */
export function nextDrainMove<Pod extends DrainPod>(
  sight: DrainSight<Pod>,
): DrainMove<Pod> | undefined {
  const { hostname, ready, unschedulable, pods, budgets, keeps, overdue } = sight;
  const policy = { emptyDir: !keeps.emptyDir, bare: !keeps.bare && overdue };
  const step = drainStep(pods, budgets, policy);
  const podsLeft = podsIn(step);
  if (!ready) {
    return isDrained(step) ? undefined : waitFor(podsLeft, notReady(hostname));
  }
  const found = drainDeadlocks(pods, budgets, keeps);
  if (!unschedulable) {
    if (found.length > 0) return waitFor(podsLeft, blocked(hostname, found));
    return { cordon: true, evict: [], podsLeft, waiting: undefined };
  }
  const left = [...drainObstacles(step), ...volumes(sight)];
  if (left.length === 0) return undefined;
  const stuck = overdue || found.length > 0;
  const waiting = stuck ? blocked(hostname, left) : draining(hostname);
  return { cordon: false, evict: step.evict, podsLeft, waiting };
}

function podsIn({ evict, blocked: held, kept, leaving }: DrainStep<DrainPod>): number {
  return evict.length + held.length + kept.length + leaving.length;
}

function waitFor(podsLeft: number, waiting: WaitReason): DrainMove<never> {
  return { cordon: false, evict: [], podsLeft, waiting };
}

function volumes({ attachments }: Pick<DrainSight<DrainPod>, 'attachments'>): readonly string[] {
  if (attachments.length === 0) return [];
  const names = attachments.map(({ name, volume }) => volume ?? name).join(', ');
  return [`volumes are still attached: ${names}`];
}

function notReady(hostname: string): WaitReason {
  const message = `${hostname} lives, and its Node is not Ready, so nobody ends its pods: start its kubelet; or delete the Node if none of them runs any more`;
  return { reason: 'node-not-ready', message };
}

function draining(hostname: string): WaitReason {
  return { reason: 'draining', message: `the pods of ${hostname} are being moved elsewhere` };
}

function blocked(hostname: string, why: readonly string[]): WaitReason {
  const message = `${hostname} can not be drained: ${why.join('; ')}`;
  return { reason: 'drain-blocked', message };
}
