import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RetryableError } from '../errors.ts';
import type { ReplicaRemains } from '../ports/replica-servers.ts';
import { errnoOf } from './errno.ts';

/**
 * The Raft group that manages the buckets. It may have had a leader while no bucket had one, and no
 * write of ours is ever in it.
 */
const META_GROUP = '/_meta_/';
/** Messages of a Raft group or a bucket, and what a group made of them when it shortened its log. */
const CONTENT = /\/msgs\/[0-9]+\.blk$|\/snapshots\/[^/]+$/;

/**
 * What a stopped replica's folder holds, stores that were set aside included. A group or bucket
 * writes its first message when it elects its first leader, and a write is acknowledged once it is
 * in the files of two replicas; until then the files are there and empty (nats-server 2.15).
 * Rejects with RetryableError `log.store-unread`.
 */
export async function remainsOf(folder: string): Promise<ReplicaRemains> {
  try {
    const names = await readdir(folder, { recursive: true }).catch(noneIfMissing);
    const paths = names.filter(mayHoldWrites).map((name) => join(folder, name));
    const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
    return sizes.some((size) => size > 0) ? 'used' : 'unused';
  } catch (cause) {
    const message = `What the replica left in ${folder} can not be read: see to the disk.`;
    throw new RetryableError('log.store-unread', message, { cause });
  }
}

/** Of a server that was never started here. */
function noneIfMissing(error: unknown): readonly string[] {
  if (errnoOf(error) === 'ENOENT') return [];
  throw error;
}

function mayHoldWrites(name: string): boolean {
  return CONTENT.test(name) && !name.includes(META_GROUP);
}
