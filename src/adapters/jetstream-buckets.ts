import {
  DiscardPolicy,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  StoreCompression,
  type StreamConfig,
} from '@nats-io/jetstream';
import { TerminalError } from '../errors.ts';
import { MAX_ENTRY_BYTES } from '../state/checked-entry.ts';
import type { GenesisRecord } from '../state/genesis-record.ts';

const REPLICAS = 3;
const LOG_BYTES = 256 * 1024 * 1024;
const LEASE_BYTES = 4 * 1024 * 1024;
/**
 * Revisions of epoch e begin here times (e - 1), so that terms go on to grow when the log is founded
 * anew. Room for one write per millisecond for 17 years, and for 2 million epochs in a number.
 */
const REVISIONS_PER_EPOCH = 2 ** 39;

export type BucketName = 'log' | 'lease';

/** JetStream's name of a bucket, as all tools for NATS key-value buckets expect it. */
export function streamName(bucket: BucketName): string {
  return `KV_${bucket}`;
}

/** Before each key of a bucket. */
export function subjectPrefix(bucket: BucketName): string {
  return `$KV.${bucket}.`;
}

/**
 * Makes what is missing. Every agent may call it at the same time: JetStream takes a second call
 * with the same shape as done. Rejects with the client's own errors while the log has no leader,
 * and with TerminalError `log.foreign-bucket` when a bucket has a shape that is not ours.
 */
export async function ensureBuckets(
  manager: JetStreamManager,
  record: Pick<GenesisRecord, 'epoch'>,
): Promise<void> {
  for (const shape of [logShape(record.epoch), leaseShape()]) {
    const found = await existing(manager, shape.name);
    const { config } = found ?? (await manager.streams.add(shape));
    if (config.num_replicas === REPLICAS && config.storage === shape.storage) continue;
    throw new TerminalError(
      'log.foreign-bucket',
      `The log holds ${shape.name} with ${config.num_replicas} replicas in ${config.storage} storage: something else than civitas made it, so remove it if nobody needs it.`,
    );
  }
}

async function existing(manager: JetStreamManager, name: string) {
  try {
    return await manager.streams.info(name);
  } catch (error) {
    if (error instanceof Error && error.message === 'stream not found') return undefined;
    throw error;
  }
}

/** History of one: an entry is a state, and what has to be told afterwards is an entry of kind `event`. */
function logShape(epoch: number): Shape {
  return {
    ...common('log'),
    storage: StorageType.File,
    max_bytes: LOG_BYTES,
    first_seq: (epoch - 1) * REVISIONS_PER_EPOCH + 1,
  };
}

/**
 * On disk, like the log, though a lease means nothing after a restart: a bucket in memory whose
 * replicas restarted elects no leader before all three are there again, so that after a power cut
 * one dead machine would leave the cluster without a leader for ever (docs/decisions).
 */
function leaseShape(): Shape {
  return { ...common('lease'), storage: StorageType.File, max_bytes: LEASE_BYTES };
}

type Shape = Partial<StreamConfig> & Pick<StreamConfig, 'name' | 'storage'>;

function common(bucket: BucketName) {
  return {
    name: streamName(bucket),
    subjects: [`${subjectPrefix(bucket)}>`],
    retention: RetentionPolicy.Limits,
    num_replicas: REPLICAS,
    max_msgs_per_subject: 1,
    max_msg_size: MAX_ENTRY_BYTES + 4_096,
    /** Full means refused: never is an old entry dropped for a new one. */
    discard: DiscardPolicy.New,
    compression: StoreCompression.None,
    deny_delete: true,
    allow_rollup_hdrs: true,
    /** Reads go to the stream's leader. */
    allow_direct: false,
    /** Marks of deletion expire. */
    allow_msg_ttl: true,
  };
}
