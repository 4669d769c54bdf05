import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { hasCode } from '../error-code.ts';
import { type IncomingFile, incomingFile } from './incoming-file.ts';

const SUM = /^[0-9a-f]{64}$/;

export interface StoredFile {
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
}

/** Files in one folder, each under its SHA-256, which was right when it got that name. */
export interface FileStore {
  /** Undefined where there is none. */
  find(sha256: string): Promise<StoredFile | undefined>;
  /** `writer` keeps apart who may write the same file at the same time. */
  incoming(sha256: string, writer: string): Promise<IncomingFile>;
  /** At most `length` bytes from there on; undefined without such a file. */
  read(sha256: string, offset: number, length: number): Promise<Uint8Array | undefined>;
  remove(sha256: string): Promise<void>;
  /** Removes files with none of these sums, whole or not, that nobody wrote since that time. */
  forgetOthers(sums: ReadonlySet<string>, sinceWallMs: number): Promise<void>;
}

/** Of bundles, in the state directory. The folder is made, 0700, with the first file that comes. */
export function createBundleStore(stateDir: string): FileStore {
  const folder = join(stateDir, 'bundle');

  async function find(sha256: string): Promise<StoredFile | undefined> {
    const path = join(folder, checked(sha256));
    try {
      return { path, bytes: (await stat(path)).size };
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined;
      throw error;
    }
  }

  return {
    find,
    async incoming(sha256, writer) {
      const path = join(folder, checked(sha256));
      const incoming = join(folder, 'incoming');
      await mkdir(incoming, { recursive: true, mode: 0o700 });
      return incomingFile({ temporary: join(incoming, `${sha256}.${writer}`), path, sha256 });
    },
    async read(sha256, offset, length) {
      const found = await find(sha256);
      return found && readPart(found.path, offset, length);
    },
    remove: (sha256) => rm(join(folder, checked(sha256)), { force: true }),
    async forgetOthers(sums, sinceWallMs) {
      for (const path of await filesBelow(folder)) {
        const [sha256 = ''] = basename(path).split('.');
        if (!sums.has(sha256) && (await isOlder(path, sinceWallMs)))
          await rm(path, { force: true });
      }
    },
  };
}

/** A sum becomes a file name, so it can be nothing else. */
function checked(sha256: string): string {
  if (SUM.test(sha256)) return sha256;
  throw new RangeError(`${sha256} is no SHA-256`);
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** Not one that is gone: whoever loads files renames them meanwhile. */
async function isOlder(path: string, wallMs: number): Promise<boolean> {
  const found = await stat(path).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  });
  return found !== undefined && found.mtimeMs < wallMs;
}

async function readPart(path: string, offset: number, length: number): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await file.read(buffer, 0, length, offset);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
