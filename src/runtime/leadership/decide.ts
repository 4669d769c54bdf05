import type { NodeId } from '../../state/node-id.ts';

/** How often a leader renews its lease. */
const BEAT_MS = 2_000;
/** How often whoever may lead, or can not tell yet, looks again. */
const LOOK_MS = 1_000;

/**
 * Why two terms never live at once. Times are of one real clock; each agent measures durations by
 * its own monotonic one, and the margin below is for clocks that run at different speeds.
 *
 * 1. A term lives until `LIVE_MS` after its last confirmed beat was *sent* (`s`), and its beats
 *    form a chain: each is a compare-and-swap on the one before.
 * 2. Before anybody takes over it claims the lease: a compare-and-swap that names the last beat it
 *    saw, and saw unchanged for `TAKEOVER_MS`, so since a time `o >= s`. Had the leader beat since,
 *    the claim would fail; once it succeeds the chain is broken and no later beat of that term
 *    is confirmed. So when the claim succeeds, at `c >= o + TAKEOVER_MS`, the old term has been dead
 *    for at least TAKEOVER_MS - LIVE_MS = 7 s.
 * 3. The new term begins with a compare-and-swap of the entry `leadership` on the revision of the
 *    old one, after the claim, so two claimants never both begin one.
 *
 * So safety needs no view to be fresh; the rest is to leave a healthy leader alone: silence counts
 * only from the last failover of the log on, because a failover takes up to 8.2 s (docs/decisions)
 * in which nobody can beat. A leader may stop being live during one, and goes on in the same term.
 */
export const LIVE_MS = 8_000;
export const TAKEOVER_MS = 15_000;

export interface LeadershipView {
  readonly self: NodeId;
  /** Whether the entry below is what the log had a moment ago, as far as this agent can tell. */
  readonly fresh: boolean;
  /** False when the log holds anything that a newer release wrote: then this agent does nothing (S25). */
  readonly readable: boolean;
  /** Entry `leadership/current`; undefined when nobody ever led. */
  readonly entry: { readonly nodeId: NodeId | null; readonly revision: number } | undefined;
  /** The term this process holds the lease of, live or not. */
  readonly heldTerm: number | undefined;
  /** `silenceMs` of the leader lease. */
  readonly silenceMs: number;
}

export type LeadershipStep =
  | { readonly type: 'renew'; readonly term: number }
  | { readonly type: 'step-down'; readonly term: number }
  | { readonly type: 'acquire' }
  | { readonly type: 'follow' };

/** What an agent does next about leading. */
export function decideLeadership(view: LeadershipView): LeadershipStep {
  const { fresh, readable, entry, heldTerm } = view;
  if (heldTerm !== undefined) {
    const stands = readable && entry?.revision === heldTerm;
    return { type: stands ? 'renew' : 'step-down', term: heldTerm };
  }
  if (!fresh || !readable) return { type: 'follow' };
  return { type: mayAcquire(view) ? 'acquire' : 'follow' };
}

/**
 * When to look again. While somebody else leads, nothing is to be done before it has been silent for
 * long enough; that it is gone otherwise is a change of the log, and told.
 */
export function lookAfterMs(view: LeadershipView): number {
  const { fresh, readable, heldTerm, silenceMs } = view;
  if (heldTerm !== undefined) return BEAT_MS;
  const followsALeader = fresh && readable && !mayAcquire(view);
  return followsALeader ? Math.max(LOOK_MS, TAKEOVER_MS - silenceMs) : LOOK_MS;
}

function mayAcquire({ self, entry, silenceMs }: LeadershipView): boolean {
  const nobodyLeads = entry === undefined || entry.nodeId === null;
  // A term of this node that this process does not hold is of an earlier life, or was lost.
  const wasOurs = entry?.nodeId === self;
  return nobodyLeads || wasOurs || silenceMs >= TAKEOVER_MS;
}
