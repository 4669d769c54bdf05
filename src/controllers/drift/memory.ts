import type { Host } from '../../ports/host.ts';
import type { Sightings } from '../../state/sightings.ts';
import type { Baseline } from './baseline.ts';
import type { ReadFiles } from './read-files.ts';
import type { RepairBook } from './repair-book.ts';

/** What the controller keeps from pass to pass. To lose it costs time and nothing else. */
export interface Memory {
  /** Files of the host as they were read last. */
  files: ReadFiles;
  /** As they stand on the disk of this agent; undefined before they are read, and once they were written. */
  baseline: Baseline | undefined;
  book: RepairBook | undefined;
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
    files: new Map(),
    baseline: undefined,
    book: undefined,
    sightings: new Map(),
    absentSinceMs: undefined,
    configMapsAtMs: Number.NEGATIVE_INFINITY,
    cgroupDriver: undefined,
  };
}
