import type { Sightings } from '../../state/sightings.ts';

/** What the controller keeps from pass to pass; another process starts anew. */
export interface Memory {
  /** Since when it has seen each drain asked for, by operation. */
  drains: Sightings;
  /** Which workers it saw marked as the rollout that `epoch` names wants them. */
  outdated: { readonly epoch: string; readonly nodes: Map<string, boolean> };
}
