import { access, chmod, copyFile, mkdir, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { NatsServer } from './nats-server-binary.ts';

/** Copies a server to where it outlives caches, unless it is there; resolves to that path. */
export async function keepServer({ path, version }: NatsServer, binDir: string): Promise<string> {
  const target = `${binDir}/nats-server-${version}`;
  await copyUnlessThere(path, target);
  return target;
}

/** The name says which version it is, and it appears whole or not at all: what is there is right. */
async function copyUnlessThere(from: string, to: string): Promise<void> {
  const isThere = await access(to).then(
    () => true,
    () => false,
  );
  if (isThere) return;
  await mkdir(dirname(to), { recursive: true, mode: 0o755 });
  const temporary = `${to}.tmp`;
  await copyFile(from, temporary);
  await chmod(temporary, 0o755);
  await rename(temporary, to);
}
