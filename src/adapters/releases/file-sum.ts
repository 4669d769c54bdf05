import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

/** SHA-256 of a file in lower-case hex; never more than a piece of it in memory. */
export async function sumOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}

/** The same, read once for as long as the file stays what it is. */
export type FileSum = (path: string) => Promise<string>;

export function createFileSum(): FileSum {
  const sums = new Map<string, string>();

  return async (path) => {
    // Nanoseconds, and the change time, which nobody can set back: a file may be replaced in place.
    const { dev, ino, mtimeNs, ctimeNs, size } = await stat(path, { bigint: true });
    const key = [dev, ino, mtimeNs, ctimeNs, size].join(' ');
    const known = sums.get(key);
    if (known !== undefined) return known;
    const sum = await sumOfFile(path);
    sums.set(key, sum);
    return sum;
  };
}
