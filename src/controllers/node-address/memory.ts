import type { Sightings } from '../../state/sightings.ts';

/** What the controller keeps from pass to pass. To lose it costs time and nothing else. */
export interface Memory {
  /** An agent has the same addresses for as long as it runs. */
  isRegistered: boolean;
  sightings: Sightings;
}

export const NO_MEMORY: Readonly<Memory> = { isRegistered: false, sightings: new Map() };
