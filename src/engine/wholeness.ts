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
  const serving = view.nodes.filter(({ role }) => role !== 'spare');
  const ready = serving.filter(({ ready, phase }) => ready && phase === 'serving');
  const planes = `${view.servingControlPlanes} of ${view.wantedControlPlanes} control planes`;
  const counts = `${ready.length} of ${serving.length} nodes Ready, ${planes} serve`;
  const missing = firstMissing(view, expectedNodes);
  if (missing !== undefined) return { whole: false, summary: `${counts}; ${missing}` };
  return { whole: true, summary: `whole: ${counts}` };
}

function firstMissing(view: ClusterView, expectedNodes: number): string | undefined {
  const dead = view.nodes.find(({ liveness }) => liveness === 'dead');
  if (dead) return `${dead.hostname} is dead: bring it back, or start another machine`;
  const absent = expectedNodes - view.nodes.length;
  if (absent > 0) return `waiting for ${absent} more machines with the same token`;
  const unready = view.nodes.find(({ role, ready, phase }) => {
    return role !== 'spare' && !(ready && phase === 'serving');
  });
  if (unready) return `waiting for ${unready.hostname} (${unready.phase})`;
  const planes = view.wantedControlPlanes - view.servingControlPlanes;
  return planes > 0 ? `waiting for ${planes} more control planes` : undefined;
}
