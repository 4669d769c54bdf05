import { access, chmod, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { RetryableError, TerminalError } from '../errors.ts';
import type { HostFiles } from '../ports/host-files.ts';
import { hasCode } from './error-code.ts';
import { sync, syncNames, syncTree } from './sync-tree.ts';
import { unlessAbsent } from './unless-absent.ts';

const MAX_FILE_BYTES = 1_048_576;
const PUBLIC_FOLDER_MODE = 0o755;
const SECRET_FOLDER_MODE = 0o700;

/**
 * The host's files. `root` stands before every path, so that a test has a host of its own.
 * Rejects with RetryableError `files.disk-full` or `files.failed`, and TerminalError
 * `files.too-large` for what `read` must not take into memory.
 */
export function createHostFileSystem(root: string): HostFiles {
  const at = (path: string) => join(root, path);
  const writing = new Map<string, Promise<void>>();

  /** Writers of one file follow each other, as they share the name of the temporary one. */
  function inTurn(path: string, work: () => Promise<void>): Promise<void> {
    const turn = (writing.get(path) ?? Promise.resolve()).catch(() => undefined).then(work);
    writing.set(path, turn);
    return turn.finally(() => writing.get(path) === turn && writing.delete(path));
  }

  async function stampAt(path: string): Promise<string | null> {
    return (await translated(path, unlessAbsent(stampOf(at(path))))) ?? null;
  }

  return {
    read: (path) => translated(path, unlessAbsent(readText(at(path)))),
    stamps: (paths) => Promise.all(paths.map(stampAt)),
    write: (path, content, mode) =>
      translated(
        path,
        inTurn(path, () => replaceFile(at(path), content, mode)),
      ),
    makeFolder: (path, mode) => translated(path, makeFolder(at(path), mode)),
    remove: (path) => translated(path, unlessAbsent(removeFile(at(path)))),
    removeTree: (path) => translated(path, unlessAbsent(removeTree(at(path)))),
    move: (from, to) => translated(from, unlessAbsent(move(at(from), at(to)))),
    list: async (folder) => {
      const names = (await translated(folder, unlessAbsent(readdir(at(folder))))) ?? [];
      return names.toSorted();
    },
    sync: async (paths) => {
      for (const path of paths) {
        await translated(path, syncTree(at(path)));
        await translated(path, syncNames(at(path), at('/')));
      }
    },
  };
}

/** Reads to the end instead of trusting the size: files of /proc and /sys say 0. */
async function readText(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of file.createReadStream({ end: MAX_FILE_BYTES, autoClose: false })) {
      chunks.push(chunk);
      length += chunk.length;
    }
    if (length > MAX_FILE_BYTES) throw tooLarge(path);
    return Buffer.concat(chunks).toString('utf8');
  } finally {
    await file.close();
  }
}

/** The time of change is the kernel's own: unlike that of modification nobody can set it back. */
async function stampOf(path: string): Promise<string> {
  const { dev, ino, size, ctimeNs } = await stat(path, { bigint: true });
  return `${dev}/${ino}/${size}/${ctimeNs}`;
}

/**
 * The name of the temporary file is fixed, so a crash leaves at most one behind, and starts with
 * a dot: kubelet, containerd and systemd overlook it in the folders they read.
 */
async function replaceFile(path: string, content: string, mode: number): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.civitas-tmp`);
  const secret = (mode & 0o077) === 0;
  await makeFolder(folder, secret ? SECRET_FOLDER_MODE : PUBLIC_FOLDER_MODE);
  await rm(temporary, { force: true });
  try {
    await writeNew(temporary, content, mode);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await sync(folder);
}

async function writeNew(path: string, content: string, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    await file.chmod(mode); // the umask may have taken bits away
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function makeFolder(path: string, mode: number): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return;
    if (!hasCode(error, 'ENOENT')) throw error;
    await makeFolder(dirname(path), mode);
    return makeFolder(path, mode);
  }
  await chmod(path, mode); // not given to mkdir, as the umask would take bits away
  await sync(dirname(path));
}

async function removeFile(path: string): Promise<void> {
  await rm(path);
  await sync(dirname(path));
}

async function removeTree(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
  await sync(dirname(path));
}

/** The new name is safe before the old one is given up for good. */
async function move(from: string, to: string): Promise<void> {
  await access(from);
  await makeFolder(dirname(to), SECRET_FOLDER_MODE);
  await rename(from, to);
  await sync(dirname(to));
  await sync(dirname(from));
}

async function translated<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof TerminalError) throw error;
    if (hasCode(error, 'ENOSPC', 'EDQUOT')) {
      const message = `The disk that holds ${path} is full: make room.`;
      throw new RetryableError('files.disk-full', message, { cause: error });
    }
    const why = error instanceof Error ? error.message : String(error);
    const message = `The file ${path} can not be read or written (${why}): check its permissions, and the disk it is on.`;
    throw new RetryableError('files.failed', message, { cause: error });
  }
}

function tooLarge(path: string): TerminalError {
  const message = `The file ${path} is larger than 1 MiB, which no file is that civitas reads: look who wrote it, and remove it.`;
  return new TerminalError('files.too-large', message);
}
