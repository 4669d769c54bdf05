import type { Sightings } from '../../state/sightings.ts';

/** What the controller keeps from pass to pass. To lose it costs time and nothing else. */
export interface Memory {
  /** Images that the manifests named when they were last looked at, and when they were last synced. */
  images: { readonly seen: string; readonly synced: string };
  /** Since when it has seen what it saw. */
  sightings: Sightings;
  /** Looks in a row that found all as it should be, and when the last of them was. */
  looks: { readonly of: string; readonly good: number; readonly atMs: number };
}

export const NO_LOOKS: Memory['looks'] = { of: '', good: 0, atMs: Number.NEGATIVE_INFINITY };
