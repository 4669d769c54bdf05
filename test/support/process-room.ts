import { randomInt } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveWorld } from '../../src/adapters/simulated-world-server.ts';

import { newToken, type TokenOptions } from '../../src/cli/token-create.ts';
import type { HostSpec } from '../../src/simulation/simulated-host.ts';
import { createWorld } from '../../src/simulation/world.ts';
import { createBackgroundClock } from './background-clock.ts';
import { type AgentProcess, agentProcess } from './process-agent.ts';
import { civitas } from './process-command.ts';

const KUBERNETES = 'v1.34.4';
/** Simulated kubeadm takes as long as needed to be seen, and no longer. */
const SPEED = 20;

interface AgentSetup {
  readonly tokenFile: string;
  /** Its last number in 127.x.y.0/24, which also names it: 1 is n1. */
  readonly number: number;
  /** Of the host, where it is not that of the number. */
  readonly hostname?: string;
  readonly stateDir?: string;
  readonly options?: readonly string[];
  /** What the machine is like; an agent whose host name is taken shares that host. */
  readonly host?: Omit<HostSpec, 'hostname' | 'address'>;
  readonly env?: NodeJS.ProcessEnv;
  /** Stands before the command, to run it in surroundings of its own. */
  readonly within?: readonly string[];
}

/** Real agent processes on simulated hosts, at loopback addresses that no other room uses. */
export interface ProcessRoom {
  readonly folder: string;
  /** Writes a new token to a file and resolves to its path. */
  token(options?: Partial<TokenOptions>): Promise<string>;
  address(number: number): string;
  /** The command line of an agent. */
  argv(setup: AgentSetup): readonly [string, ...string[]];
  /** Adds the machine and starts its agent. */
  start(setup: AgentSetup): AgentProcess;
  /** The agent and all else on its machine is gone at once. Resolves when it is. */
  cutPower(agent: AgentProcess): Promise<void>;
  /** What a machine does when its power comes back: what stands on the disk starts, the agent too. */
  boot(agent: AgentProcess): void;
  /** Ends every agent and removes every trace. */
  close(): Promise<void>;
}

export async function openProcessRoom(): Promise<ProcessRoom> {
  const folder = await mkdtemp(join(tmpdir(), 'civitas-room-'));
  const network = `127.${randomInt(64, 255)}.${randomInt(0, 256)}`;
  const world = createWorld({ clock: createBackgroundClock(), speed: SPEED });
  const worldSocket = join(folder, 'world.sock');
  const stopWorld = await serveWorld(world, worldSocket);
  const agents: AgentProcess[] = [];
  let tokens = 0;

  const address = (number: number) => `${network}.${number}`;
  const stateDirOf = ({ number, stateDir }: AgentSetup) => stateDir ?? join(folder, `n${number}`);
  const hostnameOf = ({ number, hostname = `n${number}` }: AgentSetup) => hostname;

  function argv(setup: AgentSetup): readonly [string, ...string[]] {
    const [first, ...rest] = civitas([
      ...['join', '--token-file', setup.tokenFile, '--state-dir', stateDirOf(setup)],
      ...['--hostname', hostnameOf(setup), '--address', address(setup.number)],
      ...['--simulated-world', worldSocket, ...(setup.options ?? [])],
    ]);
    const [before, ...between] = setup.within ?? [];
    return before === undefined ? [first, ...rest] : [before, ...between, first, ...rest];
  }

  return {
    folder,
    address,
    argv,
    async token(options = {}) {
      tokens += 1;
      const file = join(folder, `token-${tokens}`);
      const token = await newToken({ nodes: '1', kubernetes: KUBERNETES, ...options });
      await writeFile(file, `${token}\n`, { mode: 0o600 });
      return file;
    },
    start(setup) {
      const hostname = hostnameOf(setup);
      if (!world.state.hosts.has(hostname)) {
        // Not copied: the test repairs the machine by changing what it said of it.
        const host = Object.assign(setup.host ?? {}, { hostname, address: address(setup.number) });
        world.addHost(host);
      }
      const agent = agentProcess({
        name: `n${setup.number}`,
        stateDir: stateDirOf(setup),
        logFile: join(folder, `n${setup.number}.log`),
        argv: argv(setup),
        ...(setup.env && { env: setup.env }),
      });
      agents.push(agent);
      agent.start();
      return agent;
    },
    async cutPower(agent) {
      await agent.kill();
      world.powerOff(agent.name);
    },
    boot(agent) {
      world.boot(agent.name);
      agent.start();
    },
    async close() {
      await Promise.all(agents.map((agent) => agent.stop()));
      await stopWorld();
      // A server whose agent had to be killed dies with it, but may write for a moment longer.
      await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}
