import type { LogRecord } from '../state/log-copy.ts';
import { type BucketName, subjectPrefix } from './jetstream-buckets.ts';

const OPERATION = 'KV-Operation';
const DELETED = new Set(['DEL', 'PURGE']);

/** What a message of a stream, delivered or read, has in common. */
interface Message {
  readonly subject: string;
  readonly seq: number;
  readonly data: Uint8Array;
  readonly headers?: { get(name: string): string } | undefined;
  /** Read ones name it `header`. */
  readonly header?: { get(name: string): string } | undefined;
}

const utf8 = new TextDecoder();

/** A key-value message in our words. Deletions carry a header; expired keys an own one. */
export function toRecord(bucket: BucketName, message: Message): LogRecord {
  const { subject, seq, data } = message;
  const headers = message.headers ?? message.header;
  const deleted =
    DELETED.has(headers?.get(OPERATION) ?? '') || (headers?.get('Nats-Marker-Reason') ?? '') !== '';
  return {
    path: subject.slice(subjectPrefix(bucket).length),
    revision: seq,
    text: deleted ? null : utf8.decode(data),
  };
}

export const DELETION_HEADER = { name: OPERATION, value: 'DEL' } as const;
