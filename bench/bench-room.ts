import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveWorld } from '../src/adapters/simulated-world-server.ts';
import { createSystemClock } from '../src/adapters/system-clock.ts';
import { newToken } from '../src/cli/token-create.ts';
import { createWorld } from '../src/simulation/world.ts';

const MAIN = join(import.meta.dirname, '..', 'dist', 'main.js');

/** One line of an agent's log. */
interface LogLine {
  readonly agent: string;
  readonly event: string;
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

interface BenchAgent {
  readonly name: string;
  readonly stateDir: string;
  /** Its latest process. */
  readonly child: ChildProcess;
  readonly spawnedAtMs: number;
}

/** Real agents on simulated hosts, one address of 127.0.0.0/8 each; removed without a trace. */
export interface BenchRoom {
  readonly agents: readonly BenchAgent[];
  /** Starts all agents at once. */
  start(count: number): Promise<void>;
  /** SIGKILL; resolves once the process is gone. Its replica of the log goes on without it. */
  kill(name: string): Promise<void>;
  /** Starts the agent again that was killed. */
  restart(name: string): void;
  lines(): Promise<readonly LogLine[]>;
  /** Resolves to the lines of an event once `count` agents have written one. */
  waitFor(event: string, count: number, deadlineMs?: number): Promise<readonly LogLine[]>;
  close(): Promise<void>;
}

export async function openBenchRoom(expectedNodes: number): Promise<BenchRoom> {
  const folder = await mkdtemp(join(tmpdir(), 'civitas-bench-'));
  const tokenFile = join(folder, 'token');
  const token = await newToken({ nodes: String(expectedNodes), kubernetes: 'v1.34.4' });
  await writeFile(tokenFile, `${token}\n`, { mode: 0o600 });
  const world = createWorld({ clock: createSystemClock() });
  const worldSocket = join(folder, 'world.sock');
  const stopWorld = await serveWorld(world, worldSocket);
  const agents: BenchAgent[] = [];

  function startOne(number: number): void {
    const name = `n${number}`;
    world.addHost({ hostname: name, address: addressOf(number) });
    agents.push(spawnAgent(number));
  }

  function spawnAgent(number: number): BenchAgent {
    const name = `n${number}`;
    const address = addressOf(number);
    const stateDir = join(folder, name);
    const output = openSync(`${stateDir}.log`, 'a', 0o600);
    const spawnedAtMs = Date.now();
    const argv = [
      ...[MAIN, 'join', '--token-file', tokenFile, '--state-dir', stateDir],
      ...['--hostname', name, '--address', address, '--simulated-world', worldSocket],
    ];
    const child = spawn(process.execPath, argv, { stdio: ['ignore', output, output] });
    closeSync(output);
    return { name, stateDir, child, spawnedAtMs };
  }

  async function lines(): Promise<readonly LogLine[]> {
    const texts = await Promise.all(agents.map(({ name, stateDir }) => readLog(name, stateDir)));
    return texts.flat();
  }

  return {
    agents,
    lines,
    async kill(name) {
      const child = agents.find((agent) => agent.name === name)?.child;
      if (child) await ended(child, 'SIGKILL');
    },
    restart(name) {
      const index = agents.findIndex((agent) => agent.name === name);
      agents[index] = spawnAgent(index + 1);
    },
    async start(count) {
      for (let started = 0; started < count; started += 1) startOne(agents.length + 1);
    },
    async waitFor(event, count, deadlineMs = 120_000) {
      const end = Date.now() + deadlineMs;
      for (;;) {
        const found = (await lines()).filter((line) => line.event === event);
        if (new Set(found.map(({ agent }) => agent)).size >= count) return found;
        if (Date.now() > end) throw new Error(`${event}: not seen by ${count} agents in time`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    async close() {
      await Promise.all(agents.map(({ child }) => ended(child)));
      await stopWorld();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function readLog(agent: string, stateDir: string): Promise<LogLine[]> {
  const text = await readFile(`${stateDir}.log`, 'utf8');
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as { event: string; time: string })
    .map(({ event, time }) => ({ agent, event, atMs: Date.parse(time) }));
}

function addressOf(number: number): string {
  return `127.0.2.${number}`;
}

function ended(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill(signal);
  });
}
