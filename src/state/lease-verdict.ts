/** Beats come every 10 s: two missed ones make a suspicion. */
const SUSPECT_AFTER_MS = 20_000;
/** The lease's time to live: three missed beats. */
const DEAD_AFTER_MS = 30_000;

/** `unknown`: nothing was heard, but the observer has not listened long enough to make anything of it. */
export type LeaseVerdict = 'alive' | 'suspect' | 'dead' | 'unknown';

/**
 * What the age of a lease says of its node. `ageMs` is undefined when this observer never saw the
 * lease. Silence counts only for as long as the observer listened (`watchedMs`) to a log that
 * worked: beats get lost while the log changes its leader, and nobody is dead for that.
 */
export function leaseVerdict(ageMs: number | undefined, watchedMs: number): LeaseVerdict {
  if (ageMs !== undefined && ageMs < SUSPECT_AFTER_MS) return 'alive';

  const silentMs = Math.min(ageMs ?? Number.POSITIVE_INFINITY, watchedMs);
  if (silentMs < SUSPECT_AFTER_MS) return 'unknown';
  return silentMs < DEAD_AFTER_MS ? 'suspect' : 'dead';
}
