import { TerminalError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { LogConnection } from '../ports/log-connection.ts';
import type { Random } from '../ports/random.ts';
import type { GenesisRecord } from '../state/genesis-record.ts';
import { logName } from '../state/genesis-record.ts';
import { createJetStreamBucket } from './jetstream-bucket.ts';
import { type BucketName, ensureBuckets } from './jetstream-buckets.ts';
import { createNatsBeats } from './nats-beats.ts';
import type { LogCredentials } from './nats-client-options.ts';
import { openLogConnection } from './nats-connection.ts';
import { probeReplica, type ReplicaGreeting } from './nats-replica-probe.ts';
import { sentenceAboutReplicas } from './nats-replica-sentence.ts';

const PREPARE_PAUSE_MS = 100;
const PROBE_EVERY_MS = 2_000;

export interface JetStreamLogOptions {
  /** Shown in the replicas' own lists of clients. */
  readonly name: string;
  readonly record: GenesisRecord;
  readonly credentials: LogCredentials;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/**
 * Opens the log of a genesis record, whatever state its replicas are in: connects, makes the buckets
 * when they are missing, and goes on trying for as long as the agent lives. Never rejects.
 */
export function openJetStreamLog(options: JetStreamLogOptions): LogConnection {
  const { name, record, credentials, clock, random, log } = options;
  let { replicas } = record;
  const closing = new AbortController();
  const connection = openLogConnection({ name, replicas, credentials, clock, random });
  let greetings: readonly (ReplicaGreeting | undefined)[] = [];
  let answered = false;
  let problem: unknown;

  async function prepare(): Promise<void> {
    while (!closing.signal.aborted) {
      const session = await connection.session(closing.signal);
      if (!session) return;
      try {
        await ensureBuckets(session.manager, record);
        answered = true;
        return;
      } catch (err) {
        problem = err;
        log.debug({ event: 'log.not-prepared', err }, 'log not prepared');
      }
      await clock.sleep(PREPARE_PAUSE_MS + random.number() * PREPARE_PAUSE_MS, closing.signal);
    }
  }

  const confirms = () => connection.current() !== undefined && answered;

  async function probe(): Promise<void> {
    while (!closing.signal.aborted) {
      if (!confirms()) greetings = await Promise.all(replicas.map(probeReplica));
      await clock.sleep(PROBE_EVERY_MS, closing.signal);
    }
  }

  const prepared = prepare();
  const probing = probe();
  const bucket = (bucketName: BucketName) =>
    createJetStreamBucket({
      bucket: bucketName,
      connection,
      prepared,
      clock,
      random,
      log,
      onAnswered(value) {
        answered = value;
      },
    });

  return {
    entries: bucket('log'),
    leases: bucket('lease'),
    beats: createNatsBeats(connection),
    whyWaiting() {
      if (confirms()) return undefined;
      if (problem instanceof TerminalError) return problem.message;
      return sentenceAboutReplicas({
        replicas,
        logName: logName(record),
        greetings,
        connected: connection.current() !== undefined,
        reason: connection.lastFailure(),
      });
    },
    follow(places) {
      replicas = [...places];
      connection.follow(places);
    },
    async close() {
      closing.abort();
      await Promise.all([prepared, probing, connection.close()]);
    },
  };
}
