import { JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream';
import { headers, type MsgHdrs } from '@nats-io/transport-node';
import type { Bucket, BucketRead, BucketWatcher, BucketWrite } from '../ports/bucket.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Random } from '../ports/random.ts';
import { type BucketName, streamName, subjectPrefix } from './jetstream-buckets.ts';
import { DELETION_HEADER, toRecord } from './jetstream-record.ts';
import { watchOnce } from './jetstream-watch.ts';
import type { LogConnection } from './nats-connection.ts';
import type { LogSession } from './nats-session.ts';

/** An agent that was away for longer than this learns of deletions by what is missing. */
const DELETION_MARK_TTL = '24h';
/** A write that got no answer in this time has an unknown outcome. */
const WRITE_TIMEOUT_MS = 2_000;
const FIRST_PAUSE_MS = 50;
const MORE_PAUSE_MS = 200;

const CONFLICTS: readonly number[] = [
  JetStreamApiCodes.StreamWrongLastSequence,
  // The same while another write of that key is on its way to the replicas.
  JetStreamApiCodes.StreamWrongLastSequenceUnknown,
];

export interface JetStreamBucketOptions {
  readonly bucket: BucketName;
  readonly connection: LogConnection;
  /** Resolves once the buckets exist. */
  readonly prepared: Promise<unknown>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Told after each write whether a quorum answered it. */
  readonly onAnswered: (answered: boolean) => void;
}

/** A JetStream key-value bucket behind the port. */
export function createJetStreamBucket(options: JetStreamBucketOptions): Bucket {
  const { bucket, connection, clock, random, log } = options;
  const subject = (path: string) => `${subjectPrefix(bucket)}${path}`;

  async function read(path: string): Promise<BucketRead> {
    const session = connection.current();
    if (!session) return notConnected(connection);
    try {
      const query = { last_by_subj: subject(path) };
      const message = await session.manager.streams.getMessage(streamName(bucket), query);
      return { type: 'read', record: message ? toRecord(bucket, message) : undefined };
    } catch (error) {
      return unavailable(error);
    }
  }

  async function publish(
    path: string,
    text: string | null,
    ifRevision: number | undefined,
  ): Promise<BucketWrite> {
    const session = connection.current();
    if (!session) return notConnected(connection);
    try {
      const { seq } = await session.jetStream.publish(subject(path), text ?? '', {
        headers: publishHeaders(text, ifRevision),
        timeout: WRITE_TIMEOUT_MS,
      });
      return { type: 'written', revision: seq };
    } catch (error) {
      return isConflict(error) ? { type: 'conflict' } : unavailable(error);
    }
  }

  /** For JetStream a deleted key has the revision of its mark of deletion, until that expires. */
  async function createAgain(path: string, text: string | null): Promise<BucketWrite> {
    const answer = await read(path);
    if (answer.type === 'unavailable') return answer;
    if (answer.record && answer.record.text !== null) return { type: 'conflict' };
    return publish(path, text, answer.record?.revision ?? 0);
  }

  /** While the replicas elect a leader they serve no watch; the next round reads everything anew. */
  function onWatchFailure(err: unknown): void {
    log.debug({ event: 'log.watch-failed', bucket, err }, 'log watch failed');
  }

  async function follow(watcher: BucketWatcher, signal: AbortSignal): Promise<void> {
    await Promise.race([options.prepared, aborted(signal)]);
    while (!signal.aborted) {
      const session = await connection.session(signal);
      if (!session) return;
      const unsubscribe = onElections(session, bucket, watcher);
      await watchOnce(session, bucket, watcher, signal).catch(onWatchFailure);
      unsubscribe();
      watcher.onInterrupted();
      await clock.sleep(FIRST_PAUSE_MS + random.number() * MORE_PAUSE_MS, signal);
    }
  }

  return {
    read,
    async write(path, text, ifRevision) {
      const first = await publish(path, text, ifRevision);
      const mayBeDeleted = first.type === 'conflict' && ifRevision === 0;
      const answer = mayBeDeleted ? await createAgain(path, text) : first;
      options.onAnswered(answer.type !== 'unavailable');
      return answer;
    },
    watch(watcher) {
      const stopping = new AbortController();
      void follow(watcher, stopping.signal);
      return () => stopping.abort();
    },
  };
}

function publishHeaders(text: string | null, ifRevision: number | undefined): MsgHdrs {
  const set = headers();
  if (ifRevision !== undefined) set.set('Nats-Expected-Last-Subject-Sequence', `${ifRevision}`);
  if (text !== null) return set;
  set.set(DELETION_HEADER.name, DELETION_HEADER.value);
  set.set('Nats-TTL', DELETION_MARK_TTL);
  return set;
}

/** JetStream tells everybody of the account whom the replicas of a stream elected. */
function onElections(session: LogSession, bucket: BucketName, watcher: BucketWatcher): () => void {
  const subject = `$JS.EVENT.ADVISORY.STREAM.LEADER_ELECTED.${streamName(bucket)}`;
  const subscription = session.nats.subscribe(subject, { callback: () => watcher.onFailover() });
  return () => subscription.unsubscribe();
}

function isConflict(error: unknown): boolean {
  return error instanceof JetStreamApiError && CONFLICTS.includes(error.code);
}

function unavailable(error: unknown) {
  const message = error instanceof Error ? error.message : String(error);
  return { type: 'unavailable', message } as const;
}

function notConnected(connection: LogConnection) {
  const reason = connection.lastFailure();
  const message = reason === undefined ? 'not connected' : `not connected: ${reason}`;
  return { type: 'unavailable', message } as const;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
