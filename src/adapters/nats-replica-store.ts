import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from './error-code.ts';
import { REPLICA_FILES } from './nats-config.ts';

/** Within a replica's folder: stores that were set aside, numbered in their order. */
const QUARANTINE = 'quarantine';
/** What nats-server keeps to find its way in the messages of a bucket, and can make anew. */
const INDEX = /\/streams\/[^/]+\/msgs\/[^/]+\.db$/;

/**
 * Moves the store of a server that does not run out of its way, so that it begins with an empty
 * one. Resolves to where the store lies now; to undefined when there was none.
 */
export async function setStoreAside(folder: string): Promise<string | undefined> {
  const quarantine = join(folder, QUARANTINE);
  await mkdir(quarantine, { recursive: true, mode: 0o700 });
  const numbers = (await readdir(quarantine)).map((name) => Number(name.split('-').at(-1)) || 0);
  const place = join(quarantine, `store-${Math.max(0, ...numbers) + 1}`);
  try {
    await rename(join(folder, REPLICA_FILES.store), place);
    return place;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/**
 * Before a start: makes the server read each message anew. With an index it trusts the messages
 * unread, and a damaged one is missing for good without a word, also to who reads from it as the
 * leader (nats-server 2.15; docs/decisions). Without, it sees where its store ends, and gets the
 * rest from the other replicas.
 */
export async function forgetIndexes(folder: string): Promise<void> {
  const store = join(folder, REPLICA_FILES.store);
  const names = await readdir(store, { recursive: true }).catch(noneIfMissing);
  const indexes = names.filter((name) => INDEX.test(`/${name}`));
  await Promise.all(indexes.map((name) => rm(join(store, name), { force: true })));
}

function noneIfMissing(error: unknown): readonly string[] {
  if (hasCode(error, 'ENOENT', 'ENOTDIR')) return [];
  throw error;
}
