import type { LeaseSight } from '../../state/kubelet-beat.ts';
import type { Sightings } from '../../state/sightings.ts';

/** What the controller keeps from pass to pass; another process starts anew. */
export interface Memory {
  /** Since when it has seen each stage of each departure. */
  stages: Sightings;
  /** By name of the Node. */
  readonly leases: Map<string, LeaseSight>;
}
