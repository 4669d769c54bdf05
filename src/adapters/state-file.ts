import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { TerminalError } from '../errors.ts';
import { errnoOf } from './errno.ts';

/** Folder within the state directory for files that are damaged. */
export const QUARANTINE = 'quarantine';

const MAX_BYTES = 16 * 1024 * 1024;

/**
 * Undefined when there is no such file. What fails its checksum or schema is moved to quarantine/,
 * and as long as it lies there without a newer file of that name, this rejects with TerminalError
 * `state.corrupted`.
 */
export async function readStateFile<S extends z.ZodType>(
  folder: string,
  name: string,
  schema: S,
): Promise<z.infer<S> | undefined> {
  const content = await readContent(join(folder, name));
  if (content === undefined) {
    if (await exists(join(folder, QUARANTINE, name))) throw corrupted(folder, name);
    return undefined;
  }
  const body = bodyOf(name, content);
  const parsed = body === undefined ? undefined : schema.safeParse(JSON.parse(body));
  if (parsed?.success) return parsed.data;
  await rename(join(folder, name), join(folder, QUARANTINE, name));
  await syncFolder(join(folder, QUARANTINE));
  await syncFolder(folder);
  throw corrupted(folder, name);
}

/** Resolves when the value survives a power cut; until then what stood there before is whole. */
export async function writeStateFile(folder: string, name: string, value: unknown): Promise<void> {
  const temporary = join(folder, `.${name}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const handle = await open(temporary, 'wx', 0o600);
    await writeAndSync(handle, envelope(name, JSON.stringify(value)));
    await rename(temporary, join(folder, name));
    await syncFolder(folder);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Removes the file and what lies in quarantine under its name. */
export async function removeStateFile(folder: string, name: string): Promise<void> {
  await rm(join(folder, QUARANTINE, name), { force: true });
  await syncFolder(join(folder, QUARANTINE));
  await rm(join(folder, name), { force: true });
  await syncFolder(folder);
}

export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

async function readContent(path: string): Promise<Buffer | undefined> {
  const handle = await open(path, 'r').catch(undefinedIfMissing);
  if (!handle) return undefined;
  try {
    const { size } = await handle.stat();
    // An oversized file is none of ours: what is read of it then fails the checksum.
    return size > MAX_BYTES ? Buffer.alloc(0) : await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** Undefined unless every byte is as it was written. */
function bodyOf(name: string, content: Buffer): string | undefined {
  const text = content.toString();
  const body = text.slice(text.indexOf('\n') + 1);
  return content.equals(Buffer.from(envelope(name, body))) ? body : undefined;
}

function envelope(name: string, body: string): string {
  const checksum = createHash('sha256').update(`${name}\n${body}`).digest('hex');
  return `civitas-state 1 ${checksum}\n${body}`;
}

async function writeAndSync(handle: FileHandle, content: string): Promise<void> {
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(undefinedIfMissing)) !== undefined;
}

function undefinedIfMissing(error: unknown): undefined {
  if (errnoOf(error) !== 'ENOENT') throw error;
  return undefined;
}

function corrupted(folder: string, name: string): TerminalError {
  return new TerminalError(
    'state.corrupted',
    `The state file ${name} is damaged and lies in ${join(folder, QUARANTINE)}: restore it from a backup, or run \`kubeadm reset\`, empty ${folder} and start civitas under a new --hostname and machine id, as another node.`,
  );
}
