import type { NodeView } from '../state/agent-view.ts';
import { countText } from '../state/count-text.ts';
import type { ClusterView } from './cluster-view.ts';

export interface Wholeness {
  readonly whole: boolean;
  /** One sentence: what is there, and what is missing first. */
  readonly summary: string;
}

/**
 * Whole: as many control planes serve as the spec asks, every enrolled node that should serve is
 * Ready and alive, and at least `expectedNodes` (or `size`, where that is less) machines enrolled.
 */
export function wholeness(view: ClusterView, expectedNodes: number): Wholeness {
  const serving = view.nodes.filter(shouldServe);
  const ready = serving.filter(({ ready, phase }) => ready && phase === 'serving');
  const planes = `${view.servingControlPlanes} of ${view.wantedControlPlanes} control planes`;
  const counts = `${ready.length} of ${serving.length} nodes Ready, ${planes} serve`;
  const missing = firstMissing(view, expectedNodes);
  if (missing !== undefined) return { whole: false, summary: `${counts}; ${missing}` };
  return { whole: true, summary: `whole: ${counts}` };
}

function firstMissing(view: ClusterView, expectedNodes: number): string | undefined {
  const missed = view.nodes.filter(shouldServe);
  const dead = missed.find(({ liveness }) => liveness === 'dead');
  if (dead) return `${dead.hostname} is dead: bring it back, or ${otherCure(dead, view)}`;
  const silent = missed.find(({ liveness }) => liveness === 'suspect');
  if (silent) return `the agent of ${silent.hostname} does not answer`;
  const absent = expectedNodes - view.nodes.length;
  if (absent > 0) return `waiting for ${countText(absent, 'more machine')} with the same token`;
  const unready = view.nodes.find((node) => !hasSettled(node));
  if (unready) return `waiting for ${unready.hostname} (${unready.phase})`;
  const planes = view.wantedControlPlanes - view.servingControlPlanes;
  return planes > 0 ? `waiting for ${countText(planes, 'more control plane')}` : undefined;
}

function otherCure({ nodeId }: NodeView, { plans }: ClusterView): string {
  const plan = plans.find((each) => each.nodeId === nodeId && !each.approved);
  return plan ? `\`civitas approve ${plan.planId}\`` : 'start another machine';
}

function shouldServe({ role, leaving }: NodeView): boolean {
  return role !== 'spare' && !(role === null && leaving);
}

/** Serves, or stands by, or left; a spare that does not live is missed by nobody. */
function hasSettled({ role, ready, phase, liveness, leaving }: NodeView): boolean {
  if (phase === 'left' || (role === null && leaving)) return true;
  if (role === 'spare') return phase === 'spare' || liveness !== 'alive';
  return ready && phase === 'serving';
}
