import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/** One agent of the demo: a real process on this machine, with a simulated host. */
export interface AgentProcess {
  readonly name: string;
  readonly socketPath: string;
  running(): boolean;
  start(): Promise<void>;
  /** SIGKILL: the power cut of a process. Resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM, then SIGKILL after a grace. Resolves when it is gone. */
  stop(): Promise<void>;
}

interface Options {
  readonly name: string;
  /** An address of 127.0.0.0/8 of its own: every agent may use the same ports. */
  readonly address: string;
  readonly folder: string;
  readonly tokenFile: string;
  readonly worldSocket: string;
}

const STOP_GRACE_MS = 3_000;

export function createAgentProcess(options: Options): AgentProcess {
  const stateDir = join(options.folder, options.name);
  let child: ChildProcess | undefined;
  const gone = (): boolean =>
    child === undefined || child.exitCode !== null || child.signalCode !== null;

  async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (child === undefined || gone()) return;
    const exited = new Promise<void>((resolve) => child?.once('exit', () => resolve()));
    child.kill(signal);
    const timer = setTimeout(() => child?.kill('SIGKILL'), STOP_GRACE_MS);
    await exited;
    clearTimeout(timer);
  }

  return {
    name: options.name,
    socketPath: join(stateDir, 'agent.sock'),
    running: () => !gone(),
    async start() {
      if (!gone()) return;
      await mkdir(stateDir, { recursive: true, mode: 0o700 });
      const logFile = openSync(join(options.folder, `${options.name}.log`), 'a', 0o600);
      child = spawn(process.execPath, agentArguments(options, stateDir), {
        stdio: ['ignore', logFile, logFile],
      });
      closeSync(logFile);
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}

function agentArguments(options: Options, stateDir: string): string[] {
  const main = process.argv[1] ?? '';
  return [
    ...[main, 'join', '--token-file', options.tokenFile],
    ...['--state-dir', stateDir, '--hostname', options.name, '--address', options.address],
    ...['--simulated-world', options.worldSocket],
  ];
}
