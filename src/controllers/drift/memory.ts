import type { Host } from '../../ports/host.ts';
import type { Sightings } from '../../state/sightings.ts';

/** What the controller keeps from pass to pass. To lose it costs time and nothing else. */
export interface Memory {
  /** Since when it has seen what it saw. */
  sightings: Sightings;
  /** Since when the API has had no Node of this host. */
  absentSinceMs: number | undefined;
  /** When it looked at the ConfigMaps last. */
  configMapsAtMs: number;
  /** To ask for it costs a process, and it never changes. */
  cgroupDriver: Awaited<ReturnType<Host['cgroupDriver']>> | undefined;
}

export function freshMemory(): Memory {
  return {
    sightings: new Map(),
    absentSinceMs: undefined,
    configMapsAtMs: Number.NEGATIVE_INFINITY,
    cgroupDriver: undefined,
  };
}
