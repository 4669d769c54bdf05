import { AckPolicy, type ConsumerInfo, DeliverPolicy } from '@nats-io/jetstream';
import { createInbox, nanos } from '@nats-io/transport-node';
import type { BucketWatcher } from '../ports/bucket.ts';
import { type BucketName, streamName, subjectPrefix } from './jetstream-buckets.ts';
import { createDelivery } from './jetstream-delivery.ts';
import type { LogSession } from './nats-session.ts';

const IDLE_HEARTBEAT_MS = 2_000;
/** The server forgets a consumer whose agent has gone. */
const FORGET_CONSUMER_MS = 30_000;

/**
 * Delivers the last state of every key, then each change, until something is amiss: a gap, a missed
 * heartbeat, a broken connection, or `signal`. The next one starts from the beginning: the few
 * hundred kilobytes of the whole log are cheaper than to reason about where to resume.
 */
export async function watchOnce(
  session: LogSession,
  bucket: BucketName,
  watcher: BucketWatcher,
  signal: AbortSignal,
): Promise<void> {
  const amiss = new AbortController();
  const over = AbortSignal.any([session.broken, signal, amiss.signal]);
  const delivery = createDelivery(bucket, watcher, () => amiss.abort());
  const subject = createInbox();
  const consumer = await session.jetStream.consumers.getBoundPushConsumer({
    deliver_subject: subject,
    idle_heartbeat: nanos(IDLE_HEARTBEAT_MS),
  });
  const messages = await consumer.consume({ callback: delivery.onMessage });
  const stop = () => messages.stop();
  over.addEventListener('abort', stop);
  try {
    delivery.onCreated(await addConsumer(session, bucket, subject));
    void delivery.complete.then(() => catchUp(session, bucket, watcher)).catch(stop);
    if (over.aborted) return;
    for await (const status of messages.status()) {
      if (status.type === 'heartbeat') delivery.onHeartbeat(status.lastConsumerSequence);
      if (status.type === 'heartbeats_missed' || status.type === 'consumer_deleted') return;
    }
  } finally {
    over.removeEventListener('abort', stop);
    stop();
  }
}

/** Names what exists: what the copy still has beyond it was deleted so long ago that no mark is left. */
async function catchUp(
  { manager }: LogSession,
  bucket: BucketName,
  watcher: BucketWatcher,
): Promise<void> {
  const { state } = await manager.streams.info(streamName(bucket), { subjects_filter: '>' });
  const prefix = subjectPrefix(bucket);
  const subjects = Object.keys(state.subjects ?? {});
  watcher.onCaughtUp(
    new Set(subjects.map((subject) => subject.slice(prefix.length))),
    state.last_seq,
  );
}

function addConsumer(
  { manager }: LogSession,
  bucket: BucketName,
  subject: string,
): Promise<ConsumerInfo> {
  return manager.consumers.add(streamName(bucket), {
    deliver_subject: subject,
    deliver_policy: DeliverPolicy.LastPerSubject,
    filter_subject: `${subjectPrefix(bucket)}>`,
    ack_policy: AckPolicy.None,
    flow_control: true,
    idle_heartbeat: nanos(IDLE_HEARTBEAT_MS),
    inactive_threshold: nanos(FORGET_CONSUMER_MS),
    mem_storage: true,
    num_replicas: 1,
  });
}
