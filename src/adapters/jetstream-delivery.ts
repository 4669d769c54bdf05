import type { JsMsg } from '@nats-io/jetstream';
import type { BucketWatcher } from '../ports/bucket.ts';
import type { BucketName } from './jetstream-buckets.ts';
import { toRecord } from './jetstream-record.ts';

/** What of a message matters to a watch. */
export type DeliveredMessage = Pick<JsMsg, 'subject' | 'seq' | 'data' | 'headers'> & {
  readonly info: Pick<JsMsg['info'], 'deliverySequence' | 'pending'>;
};

interface CreatedConsumer {
  readonly num_pending: number;
  readonly delivered: { readonly consumer_seq: number };
}

/** One consumer's messages, whose numbers tell whether all of them arrived. */
export interface Delivery {
  /** Resolves once all that existed at the start was delivered. */
  readonly complete: Promise<void>;
  onCreated(consumer: CreatedConsumer): void;
  onMessage(message: DeliveredMessage): void;
  /** `lastDelivered`: the number of the last message that the server sent. */
  onHeartbeat(lastDelivered: number): void;
}

/** `onGap` is called when something was lost on the way: then nothing after it may be trusted. */
export function createDelivery(
  bucket: BucketName,
  watcher: Pick<BucketWatcher, 'onHeard' | 'onRecord'>,
  onGap: () => void,
): Delivery {
  const complete = Promise.withResolvers<void>();
  let delivered = 0;

  return {
    complete: complete.promise,
    onCreated({ num_pending, delivered: sent }) {
      if (num_pending === 0 && sent.consumer_seq === 0) complete.resolve();
    },
    onMessage(message) {
      watcher.onHeard();
      if (message.info.deliverySequence !== delivered + 1) return onGap();
      delivered += 1;
      watcher.onRecord(toRecord(bucket, message));
      if (message.info.pending === 0) complete.resolve();
    },
    onHeartbeat(lastDelivered) {
      watcher.onHeard();
      // Heartbeats come by another way than messages: one may be behind, but never ahead.
      if (lastDelivered > delivered) return onGap();
      complete.resolve();
    },
  };
}
