import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { type Agent, request } from 'node:https';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { EtcdSnapshot } from '../ports/etcd.ts';
import { etcdUnreachable } from './etcd-connection.ts';

const TIMEOUT_MS = 600_000;
const DIGEST_BYTES = 32;
/** Eight times etcd's own limit for its database. */
const MOST_BYTES = 64 * 1024 ** 3;

/** etcd sends 32 KiB at a time, in base64. */
const MOST_LINE_CHARACTERS = 1_048_576;

/** One line of the stream; the last one carries the SHA-256 of all before it. */
const lineSchema = z.object({ result: z.object({ blob: z.string().default('') }) });

/**
 * Writes the stream of /v3/maintenance/snapshot into a file, as `etcdctl snapshot save` does. The
 * file appears only once it is whole, its digest right and synced.
 */
export async function saveSnapshot(agent: Agent, url: URL, path: string): Promise<EtcdSnapshot> {
  const temporary = `${path}.part`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await rm(temporary, { force: true });
  const file = await open(temporary, 'wx', 0o600);
  try {
    const saved = await copyStream(await openStream(agent, url), file);
    await file.sync();
    await rename(temporary, path);
    await syncFolder(dirname(path));
    return saved;
  } catch (cause) {
    throw etcdUnreachable(`no snapshot: ${String(cause)}`, cause);
  } finally {
    await file.close();
    await rm(temporary, { force: true });
  }
}

function openStream(agent: Agent, url: URL): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const headers = { 'content-type': 'application/json' };
  const outgoing = request(url, { agent, method: 'POST', headers, signal });
  outgoing.on('response', resolve).on('error', reject).end('{}');
  return promise;
}

async function copyStream(response: IncomingMessage, file: FileHandle): Promise<EtcdSnapshot> {
  if (response.statusCode !== 200) throw new Error(`status ${response.statusCode}`);
  const database = createHash('sha256');
  const whole = createHash('sha256');
  let last = Buffer.alloc(0);
  let bytes = 0;
  for await (const line of linesOf(response)) {
    const blob = Buffer.from(lineSchema.parse(JSON.parse(line)).result.blob, 'base64');
    bytes += blob.length;
    if (bytes > MOST_BYTES) throw new Error(`it is longer than ${MOST_BYTES} bytes`);
    database.update(last);
    whole.update(blob);
    await file.write(blob);
    last = blob;
  }
  if (last.length !== DIGEST_BYTES || !last.equals(database.digest())) {
    throw new Error('it was cut off, or altered on its way');
  }
  return { bytes, sha256: whole.digest('hex') };
}

async function* linesOf(response: IncomingMessage): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of response.setEncoding('utf8')) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MOST_LINE_CHARACTERS) throw new Error('a line of it does not end');
    yield* lines;
  }
  if (rest.trim() !== '') yield rest;
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
