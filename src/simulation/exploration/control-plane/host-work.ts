import type { Decisions } from './decisions.ts';
import { act } from './host-actions.ts';
import { kubeadmView } from './host-view.ts';
import { handoverStep } from './node-decisions.ts';
import type { Place } from './place.ts';
import type { Stage } from './stage.ts';
import type { Surroundings } from './surroundings.ts';

/** More than any host needs to come to rest. */
const MOST_PASSES = 20;

/**
 * What the kubeadm controller of a node does until it rests, action by action: an agent that is
 * killed on the way leaves one of the stages behind. Its sponsor hands over as soon as it decides to.
 * `index` is the node's own.
 */
export function hostWork(
  decisions: Decisions,
  start: Place,
  around: Surroundings,
  index: number,
): readonly Stage[] {
  const stages: Stage[] = [{ place: start, deeds: [] }];
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    const before = stages.length;
    const isDone = onePass(decisions, stages, around, index);
    if (!isDone || stages.length === before) break;
  }
  return stages.slice(1);
}

/** Adds what each action leaves; false when one failed. */
function onePass(
  decisions: Decisions,
  stages: Stage[],
  around: Surroundings,
  index: number,
): boolean {
  let latest = stages.at(-1) as Stage;
  const { handsOver } = handoverStep(decisions.handover, around.sponsorServes, latest.place);
  for (const action of decisions.kubeadm(kubeadmView(latest.place, around, handsOver))) {
    if (action.type === 'requeue') return true;
    const next = act(latest, action, around, index);
    if (next === undefined) return false;
    if (next.place !== latest.place) stages.push(next);
    latest = next;
  }
  return true;
}
