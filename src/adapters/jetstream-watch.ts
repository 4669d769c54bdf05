import { AckPolicy, type ConsumerInfo, DeliverPolicy } from '@nats-io/jetstream';
import { createInbox, nanos } from '@nats-io/transport-node';
import type { BucketWatcher } from '../ports/bucket.ts';
import { type BucketName, streamName, subjectPrefix } from './jetstream-buckets.ts';
import { createDelivery, type Delivery } from './jetstream-delivery.ts';
import type { LogSession } from './nats-session.ts';

const IDLE_HEARTBEAT_MS = 2_000;
/** A replica that idles and still lacks what the others have: another may deliver sooner. */
const MAX_BEHIND_HEARTBEATS = 3;
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
    let behindFor = 0;
    const isComplete = delivery.complete.then(() => catchUp(session, bucket, watcher, delivery));
    isComplete.then(() => (behindFor = Number.NEGATIVE_INFINITY)).catch(stop);
    if (over.aborted) return;
    for await (const status of messages.status()) {
      if (status.type === 'heartbeats_missed' || status.type === 'consumer_deleted') return;
      if (status.type !== 'heartbeat') continue;
      delivery.onHeartbeat(status.lastConsumerSequence);
      behindFor += 1;
      if (behindFor > MAX_BEHIND_HEARTBEATS) return;
    }
  } finally {
    over.removeEventListener('abort', stop);
    stop();
  }
}

/**
 * Names what exists: what the copy still has beyond it was deleted so long ago that no mark is left.
 * A replica that was just started delivers from what it had before, so the leader of the replicas is
 * asked how far the log goes, and the delivery must have come there.
 */
async function catchUp(
  { manager }: LogSession,
  bucket: BucketName,
  watcher: BucketWatcher,
  delivery: Delivery,
): Promise<void> {
  const stream = streamName(bucket);
  const prefix = subjectPrefix(bucket);
  const { state } = await manager.streams.info(stream, { subjects_filter: '>' });
  const last = await manager.streams.getMessage(stream, { last_by_subj: `${prefix}>` });
  if (last) await delivery.reached(last.seq);
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
