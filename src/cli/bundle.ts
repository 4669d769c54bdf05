import { join } from 'node:path';
import { errnoOf } from '../adapters/errno.ts';
import { tellAgent } from '../adapters/local-api-client.ts';
import { createBundle } from '../adapters/releases/create-bundle.ts';
import { createBundleStore } from '../adapters/releases/file-store.ts';
import { loadBundle } from '../adapters/releases/load-bundle.ts';
import { TerminalError } from '../errors.ts';
import { archSchema, type BundleManifest } from '../state/bundle.ts';
import { writtenSchema } from '../state/local-changes.ts';
import { progressLine, withProgress } from './with-progress.ts';

interface LoadOptions {
  readonly stateDir: string;
}

interface CreateOptions {
  readonly kubernetes: string;
  readonly arch: string;
  readonly programs?: string;
  readonly images?: readonly string[];
  readonly output: string;
}

/** Takes a bundle apart on this machine, and has the log vouch for its files. */
export async function bundleLoad(file: string, { stateDir }: LoadOptions): Promise<void> {
  const store = createBundleStore(stateDir);
  const line = progressLine(process.stderr);
  const loading = loadBundle(file, store, (name) => line.tell(`checking ${name}`));
  const manifest = await namingFiles(loading).finally(line.clear);
  const told = tellAgent(join(stateDir, 'agent.sock'), '/v1/bundle', manifest, writtenSchema);
  const { revision, summary } = await withProgress('waiting for the log to confirm', told);
  process.stdout.write(`${rows(manifest)}Revision ${revision}: ${summary}.\n`);
}

/** Writes a bundle; works anywhere, without an agent. */
export async function bundleCreate(options: CreateOptions): Promise<void> {
  const { kubernetes: version, programs = null, images = [], output } = options;
  const arch = archSchema.safeParse(options.arch).data;
  if (arch === undefined) throw badArch(options.arch);
  const parts = { version, arch, programs, images };
  const writing = namingFiles(createBundle(parts, output));
  process.stdout.write(rows(await withProgress(`writing ${output}`, writing)));
}

/** One line for each file, as sha256sum prints it. */
function rows({ files }: BundleManifest): string {
  return files.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join('');
}

/** Of errors of the file system; which file it is they say themselves. */
async function namingFiles<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    const code = errnoOf(cause);
    if (code === undefined || !(cause instanceof Error)) throw cause;
    const path = 'path' in cause ? String(cause.path) : 'A file';
    const message = `${path} can not be read or written (${code}): check the path, its permissions and the room on its disk.`;
    throw new TerminalError('cli.no-file', message, { cause });
  }
}

function badArch(arch: string): TerminalError {
  return new TerminalError(
    'cli.bad-arch',
    `Kubernetes is not released for ${arch}: choose one of ${archSchema.options.join(', ')}.`,
  );
}
