import { z } from 'zod';
import { type NodeId, nodeIdSchema } from './node-id.ts';
import { remembered } from './remembered.ts';

/** Three idle heartbeats of the log's watch (2 s each): nothing heard for longer is an outage. */
const LOG_SILENCE_MS = 6_000;
/** Nodes nobody heard of for this long are forgotten. */
const NODE_MEMORY_MS = 3_600_000;

/** The only key of the bucket of leases. */
export const LEADER_LEASE = 'leader';

/** Who wrote the leader lease last. A claim has no term yet: it only ends the one before. */
const leaderLeaseSchema = z.strictObject({
  nodeId: nodeIdSchema,
  incarnation: z.int().min(1),
  term: z.int().min(1).nullable(),
});

export type LeaderLeaseContent = z.infer<typeof leaderLeaseSchema>;

interface Self {
  readonly nodeId: NodeId;
  readonly incarnation: number;
}

interface LeaseAge extends Self {
  readonly ageMs: number;
}

/**
 * What one process saw of the leases, timed by its own monotonic clock. A lease is as old as the
 * last renewal that was seen here, so the clocks of two machines never meet.
 */
export interface LeaseBook {
  sawBeat(node: Self, nowMs: number): void;
  /** The leader lease as the log tells it, null when deleted; the same revision again is no renewal. */
  sawLeader(revision: number, text: string | null, nowMs: number): void;
  /** Anything came from the log. What ends a silence, also one of our own, counts as a failover. */
  heard(nowMs: number): void;
  /** The log changed its own leader or did not answer. */
  failedOver(nowMs: number): void;
  nodes(nowMs: number): readonly LeaseAge[];
  /** Since the leader lease was last seen to be renewed in `term`; undefined when it never was. */
  termAgeMs(term: number, nowMs: number): number | undefined;
  /** The revision last seen, 0 when there is none, and since when. */
  leader(): Sighting;
  /** Zero while the log is silent. */
  sinceFailoverMs(nowMs: number): number;
}

interface Sighting {
  readonly revision: number;
  readonly seenMs: number;
}

export function createLeaseBook(startMs: number): LeaseBook {
  const nodes = new Map<string, Self & { readonly seenMs: number }>();
  let leader: Sighting = { revision: 0, seenMs: startMs };
  let lastBeat = { term: 0, seenMs: startMs };
  let heardMs = startMs;
  let failoverMs = startMs;

  function noticeSilence(nowMs: number): void {
    if (nowMs - heardMs > LOG_SILENCE_MS) failoverMs = nowMs;
  }

  return {
    sawBeat({ nodeId, incarnation }, nowMs) {
      nodes.set(`${nodeId} ${incarnation}`, { nodeId, incarnation, seenMs: nowMs });
    },
    sawLeader(revision, text, nowMs) {
      if (leader.revision === revision) return;
      leader = { revision, seenMs: nowMs };
      const term = text === null ? undefined : parseLeaderLease(text)?.term;
      if (term) lastBeat = { term, seenMs: nowMs };
    },
    heard(nowMs) {
      noticeSilence(nowMs);
      heardMs = nowMs;
    },
    failedOver(nowMs) {
      failoverMs = nowMs;
    },
    nodes(nowMs) {
      for (const [key, { seenMs }] of nodes) {
        if (nowMs - seenMs > NODE_MEMORY_MS) nodes.delete(key);
      }
      return [...nodes.values()].map(({ nodeId, incarnation, seenMs }) => {
        return { nodeId, incarnation, ageMs: nowMs - seenMs };
      });
    },
    termAgeMs: (term, nowMs) => (lastBeat.term === term ? nowMs - lastBeat.seenMs : undefined),
    leader: () => leader,
    sinceFailoverMs(nowMs) {
      noticeSilence(nowMs);
      return nowMs - failoverMs;
    },
  };
}

/**
 * Whether a leader lease is a link of one holder's chain: a beat of its term, or the claim that
 * began it. A beat whose answer got lost is one, too.
 */
export function isOwnLease(text: string | null, self: Self, term: number): boolean {
  const content = text === null ? undefined : parseLeaderLease(text);
  if (content?.nodeId !== self.nodeId || content.incarnation !== self.incarnation) return false;
  return content.term === term || content.term === null;
}

/** Undefined when the text is nothing that a version we know could have written. */
const parseLeaderLease = remembered((text): LeaderLeaseContent | undefined => {
  try {
    return leaderLeaseSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
});
