import { type FileHandle, open } from 'node:fs/promises';
import { hasCode } from './error-code.ts';

/** The whole lines within the last `maxBytes` of a file; empty when there is no such file. */
export async function readTail(path: string, maxBytes: number): Promise<string> {
  const file = await openIfPresent(path);
  if (file === undefined) return '';
  try {
    const { size } = await file.stat();
    const start = Math.max(0, size - maxBytes);
    const { buffer, bytesRead } = await file.read({
      buffer: Buffer.alloc(Math.min(size, maxBytes)),
      position: start,
    });
    const text = buffer.toString('utf8', 0, bytesRead);
    return start === 0 ? text : text.slice(text.indexOf('\n') + 1);
  } finally {
    await file.close();
  }
}

async function openIfPresent(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
