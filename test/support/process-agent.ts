import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { askAgent } from '../../src/adapters/local-api-client.ts';
import { type AgentView, agentViewSchema } from '../../src/state/agent-view.ts';
import { eventually } from './process-poll.ts';

const STOP_GRACE_MS = 10_000;
const LOG_SHOWN = 2_000;
const KIB_PER_MIB = 1_024;

export interface AgentProcessOptions {
  readonly name: string;
  readonly stateDir: string;
  /** What it prints is appended here. */
  readonly logFile: string;
  readonly argv: readonly [string, ...string[]];
  readonly env?: NodeJS.ProcessEnv;
}

/** An agent as a process of its own. */
export interface AgentProcess {
  readonly name: string;
  readonly stateDir: string;
  pid(): number;
  /** Resident memory, in MiB. */
  rssMiB(): Promise<number>;
  isRunning(): boolean;
  /** What it answers to `civitas status`; undefined while it does not answer. */
  view(): Promise<AgentView | undefined>;
  /** Resolves to the first view that fits; rejects with the last one when none does in time (30 s). */
  sees(what: string, fits: (view: AgentView) => boolean, withinMs?: number): Promise<AgentView>;
  log(): Promise<string>;
  start(): void;
  /** Resolves to the exit code once it ended by itself. */
  ended(): Promise<number | null>;
  /** SIGTERM, then SIGKILL. Resolves when it is gone. */
  stop(): Promise<void>;
  /** SIGKILL. Resolves when it is gone. */
  kill(): Promise<void>;
}

/** Not started yet. */
export function agentProcess(options: AgentProcessOptions): AgentProcess {
  const { name, stateDir, logFile } = options;
  let child: ChildProcess | undefined;
  const isRunning = () => child !== undefined && child.exitCode === null && !child.signalCode;
  const log = () => readFile(logFile, 'utf8').catch(() => '');
  const view = () => {
    return askAgent(join(stateDir, 'agent.sock'), '/v1/status', agentViewSchema).catch(() => {
      return undefined;
    });
  };

  async function end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (!child || !isRunning()) return;
    const exited = new Promise<void>((resolve) => child?.once('exit', () => resolve()));
    child.kill(signal);
    const timer = setTimeout(() => child?.kill('SIGKILL'), STOP_GRACE_MS);
    await exited;
    clearTimeout(timer);
  }

  return {
    name,
    stateDir,
    pid: () => child?.pid ?? 0,
    async rssMiB() {
      const text = await readFile(`/proc/${child?.pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+)/.exec(text)?.[1]) / KIB_PER_MIB;
    },
    isRunning,
    view,
    log,
    async sees(what, fits, withinMs) {
      let last: AgentView | undefined;
      const look = async () => {
        if (!isRunning()) throw new Error(`${name} ended: ${(await log()).slice(-LOG_SHOWN)}`);
        last = await view();
        return last && fits(last) ? last : undefined;
      };
      const whatElse = async () => {
        const logged = (await log()).slice(-LOG_SHOWN);
        return `${name} does not see ${what}: ${JSON.stringify(last, null, 1)}\n${logged}`;
      };
      return eventually(look, whatElse, withinMs);
    },
    start() {
      const [file, ...args] = options.argv;
      const output = openSync(logFile, 'a', 0o600);
      const env = { ...process.env, ...options.env };
      child = spawn(file, args, { stdio: ['ignore', output, output], env });
      closeSync(output);
    },
    ended: () =>
      eventually(
        () => (isRunning() ? undefined : (child?.exitCode ?? null)),
        async () => `${name} goes on: ${(await log()).slice(-LOG_SHOWN)}`,
      ),
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}
