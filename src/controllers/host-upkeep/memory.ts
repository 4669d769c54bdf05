import type { Sightings } from '../../state/sightings.ts';

/** What the controller keeps from pass to pass. To lose it costs time and nothing else. */
export interface Memory {
  /** Images that the manifests named when they were last looked at, and when they were last synced. */
  images: { readonly seen: string; readonly synced: string };
  /** Since when it has seen what it saw. */
  sightings: Sightings;
  looks: Looks;
}

/** Looks in a row that found all as it should be, and when the first and the last of them were. */
interface Looks {
  readonly of: string;
  readonly good: number;
  readonly sinceMs: number;
  readonly atMs: number;
}

export const NO_LOOKS: Looks = {
  of: '',
  good: 0,
  sinceMs: Number.POSITIVE_INFINITY,
  atMs: Number.NEGATIVE_INFINITY,
};
