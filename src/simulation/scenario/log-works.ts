import type { TraceEntry } from '../trace/entry.ts';
import type { WorksFrom } from './outages.ts';

/**
 * When the log began to work and stopped: that of any epoch, as one is founded after the other.
 * Pure.
 */
export function logWorks(entries: readonly TraceEntry[]): readonly WorksFrom[] {
  const working = new Set<string>();
  const changes: WorksFrom[] = [];
  for (const entry of entries) {
    if (entry.type !== 'log.quorum') continue;
    if (entry.works) working.add(entry.log);
    else working.delete(entry.log);
    const works = working.size > 0;
    const before = changes.at(-1)?.works ?? false;
    if (works !== before) changes.push({ atMs: entry.atMs, works });
  }
  return changes;
}
