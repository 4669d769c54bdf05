import type { NodeId } from '../state/node-id.ts';
import { type Sightings, seenForMs, withSightings } from '../state/sightings.ts';

/**
 * How long the host of a replica must have been out of reach without a break before its log is given
 * up. A machine that reboots may take longer: then the cluster goes on without waiting for it.
 */
export const GIVE_UP_MS = 60_000;

/** How one node looks at the log of its newest record. Plain data, forgotten when the process ends. */
export interface LogWatch {
  /** `given-up`: it never came up and never will; `worked`: it did, and is never re-founded this way. */
  readonly phase: 'watching' | 'given-up' | 'worked';
  /** Since when hosts of silent replicas have been out of reach. */
  readonly gone: Sightings;
}

export type LogSight =
  | { readonly type: 'worked' }
  /** Replicas are silent, and at these hosts nothing answers, not even the agent. */
  | { readonly type: 'silent'; readonly unreachable: readonly NodeId[] }
  /** A replica, here or elsewhere, was stopped for good: cold, a log needs all of them. */
  | { readonly type: 'replica-ended' };

export const NEW_WATCH: LogWatch = { phase: 'watching', gone: new Map() };

/** What a sight adds. Only a log that nobody here ever saw at work is given up. Pure. */
export function watchLog(watch: LogWatch, sight: LogSight, nowMs: number): LogWatch {
  if (sight.type === 'worked') return { phase: 'worked', gone: new Map() };
  if (watch.phase !== 'watching') return watch;
  if (sight.type === 'replica-ended') return { ...watch, phase: 'given-up' };
  const gone = withSightings(watch.gone, sight.unreachable, nowMs);
  const isLost = sight.unreachable.some((nodeId) => seenForMs(gone, nodeId, nowMs) >= GIVE_UP_MS);
  return { phase: isLost ? 'given-up' : 'watching', gone };
}
