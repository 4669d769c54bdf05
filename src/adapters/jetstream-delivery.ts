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
  /** Resolves once all was delivered that the replica which delivers had at the start. */
  readonly complete: Promise<void>;
  /** Resolves once everything up to that message of the stream was delivered. */
  reached(streamSequence: number): Promise<void>;
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
  let lastSequence = 0;
  let awaited: { readonly sequence: number; resolve(): void } | undefined;

  return {
    complete: complete.promise,
    reached(sequence) {
      const { promise, resolve } = Promise.withResolvers<void>();
      awaited = { sequence, resolve };
      if (lastSequence >= sequence) resolve();
      return promise;
    },
    onCreated({ num_pending, delivered: sent }) {
      if (num_pending === 0 && sent.consumer_seq === 0) complete.resolve();
    },
    onMessage(message) {
      watcher.onHeard();
      if (message.info.deliverySequence !== delivered + 1) return onGap();
      delivered += 1;
      watcher.onRecord(toRecord(bucket, message));
      lastSequence = message.seq;
      if (awaited && lastSequence >= awaited.sequence) awaited.resolve();
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
