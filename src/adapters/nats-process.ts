import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { RetryableError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';

const STOP_GRACE_MS = 5_000;
const LOOK_MS = 50;

/** A nats-server as a child of this process. */
export interface ServerProcess {
  running(): boolean;
  /** Resolves when it ended, for whatever reason. */
  readonly ended: Promise<void>;
  /** SIGTERM, which hands leadership over in milliseconds where a kill costs seconds. */
  stop(): Promise<void>;
  kill(): Promise<void>;
}

/**
 * Starts a server that does not outlive this process where `prefix` sees to that. Rejects with
 * RetryableError `log.server-not-started`.
 */
export function startServer(
  argv: readonly [string, ...string[]],
  clock: Clock,
): Promise<ServerProcess> {
  const [file, ...args] = argv;
  const child = spawn(file, args, { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  return new Promise((resolve, reject) => {
    child.once('spawn', () => resolve(serverProcess(child, ended, clock)));
    child.once('error', (cause) => {
      const message = `\`${file}\` can not be started (${cause.message}): check its permissions, and that it is made for this processor.`;
      reject(new RetryableError('log.server-not-started', message, { cause }));
    });
  });
}

function serverProcess(child: ChildProcess, ended: Promise<void>, clock: Clock): ServerProcess {
  return {
    running: () => child.exitCode === null && child.signalCode === null,
    ended,
    async stop() {
      child.kill('SIGTERM');
      const grace = new AbortController();
      await Promise.race([ended, clock.sleep(STOP_GRACE_MS, grace.signal)]);
      grace.abort();
      child.kill('SIGKILL');
      await ended;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/**
 * Ends a server that an earlier process of this agent left behind: two servers must never have one
 * store. Only a process that was started with this very configuration is touched.
 */
export async function endLeftover(
  pidFile: string,
  configuration: string,
  clock: Clock,
): Promise<void> {
  const pid = Number(await readText(pidFile));
  if (!Number.isInteger(pid) || pid <= 1) return;
  const isOurs = async () =>
    ((await readText(`/proc/${pid}/cmdline`)) ?? '').split('\0').includes(configuration);

  const deadlineMs = clock.nowMs() + STOP_GRACE_MS;
  while (await isOurs()) {
    process.kill(pid, clock.nowMs() < deadlineMs ? 'SIGTERM' : 'SIGKILL');
    await clock.sleep(LOOK_MS);
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return undefined; // there is none, or the process just ended
  }
}
