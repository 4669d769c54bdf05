/**
 * A log that has been reachable for this long has brought the local copy up to date: a copy of a
 * few hundred kilobytes arrives in well under a second.
 */
const SETTLED_AFTER_MS = 10_000;

/**
 * Whether what is missing from the local copy is missing from the log. Until then absence means
 * nothing, and nobody takes anything away because of it. A copy that lacks this node's own
 * enrolment is empty or of another time.
 */
export function isSettledCopy(sinceLogFailoverMs: number, ownNodeEnrolled: boolean): boolean {
  return ownNodeEnrolled && sinceLogFailoverMs >= SETTLED_AFTER_MS;
}
