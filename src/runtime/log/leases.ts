import { RetryableError } from '../../errors.ts';
import type { Beats } from '../../ports/beats.ts';
import type { Bucket } from '../../ports/bucket.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Leases } from '../../ports/leases.ts';
import {
  createLeaseBook,
  isOwnLease,
  LEADER_LEASE,
  type LeaderLeaseContent,
} from '../../state/lease-book.ts';
import type { LogRecord } from '../../state/log-copy.ts';
import type { NodeId } from '../../state/node-id.ts';
import type { Probe } from '../../state/probe.ts';

export interface LeasesOptions {
  readonly bucket: Bucket;
  readonly beats: Beats;
  readonly clock: Clock;
  readonly self: { readonly nodeId: NodeId; readonly incarnation: number };
  /** What this agent finds of others, told with each beat; default: nothing. */
  readonly probes?: () => readonly Probe[];
}

export interface RunningLeases extends Leases {
  stop(): void;
}

/**
 * Leases of nodes by what is heard of them; the lease of the leader by compare-and-swap on one key.
 * A leader's beats are a chain: each names the revision of the one before, so that a claim, which
 * names it too, ends the chain for good.
 */
export function createLeases(options: LeasesOptions): RunningLeases {
  const { bucket, beats, clock, self, probes = () => [] } = options;
  const book = createLeaseBook(clock.nowMs());
  /** Revision of this agent's own last claim or beat; undefined once somebody else claimed. */
  let last: number | undefined;

  const failedOver = () => book.failedOver(clock.nowMs());
  const saw = ({ path, revision, text }: LogRecord) => {
    if (path === LEADER_LEASE) book.sawLeader(revision, text, clock.nowMs());
  };

  function unconfirmed(reason: string): RetryableError {
    failedOver();
    return new RetryableError(
      'lease.unconfirmed',
      `The log confirmed no lease (${reason}): bring two of its three replicas back if it stays.`,
    );
  }

  /** The new revision; undefined when somebody else wrote since `ifRevision`. */
  async function write(term: number | null, ifRevision: number): Promise<number | undefined> {
    const { nodeId, incarnation } = self;
    const content: LeaderLeaseContent = { nodeId, incarnation, term };
    const answer = await bucket.write(LEADER_LEASE, JSON.stringify(content), ifRevision);
    if (answer.type === 'unavailable') throw unconfirmed(answer.message);
    return answer.type === 'written' ? answer.revision : undefined;
  }

  /** What the replicas hold now, also when this agent's watch lags behind. */
  async function read(): Promise<LogRecord | undefined> {
    const answer = await bucket.read(LEADER_LEASE);
    if (answer.type === 'unavailable') throw unconfirmed(answer.message);
    if (answer.record) saw(answer.record);
    return answer.record;
  }

  async function renew(term: number, from: number): Promise<number | undefined> {
    const next = await write(term, from);
    if (next !== undefined) return next;
    const record = await read();
    return record && isOwnLease(record.text, self, term) ? write(term, record.revision) : undefined;
  }

  const unlisten = beats.listen((beat) => book.sawBeat(beat, clock.nowMs()));
  const unwatch = bucket.watch({
    onRecord: saw,
    onCaughtUp: () => undefined,
    onHeard: () => book.heard(clock.nowMs()),
    onInterrupted: failedOver,
    onFailover: failedOver,
  });

  return {
    async beat() {
      const { nodeId, incarnation } = self;
      const isSent = beats.send({ nodeId, incarnation, probes: probes() });
      if (!isSent) throw unconfirmed('no replica is connected');
    },
    list: () => book.nodes(clock.nowMs()),
    leaderAgeMs: (term) => book.termAgeMs(term, clock.nowMs()),
    async beatLeader(term) {
      last = last === undefined ? undefined : await renew(term, last);
      if (last === undefined) throw lost();
    },
    leaderLease() {
      const nowMs = clock.nowMs();
      const { revision, seenMs } = book.leader();
      return { revision, silenceMs: Math.min(nowMs - seenMs, book.sinceFailoverMs(nowMs)) };
    },
    async claimLeader(seenRevision) {
      last = undefined;
      const claim = await write(null, seenRevision);
      if (claim === undefined) {
        await read();
        throw lost();
      }
      last = claim;
    },
    sinceLogFailoverMs: () => book.sinceFailoverMs(clock.nowMs()),
    stop() {
      unlisten();
      unwatch();
    },
  };
}

function lost(): RetryableError {
  return new RetryableError(
    'lease.lost',
    'Another agent renewed or claimed the leader lease: nothing is to be done.',
  );
}
