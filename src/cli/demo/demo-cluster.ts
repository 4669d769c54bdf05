import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askAgent } from '../../adapters/local-api-client.ts';
import { serveWorld } from '../../adapters/simulated-world-server.ts';
import { createSystemClock } from '../../adapters/system-clock.ts';
import { createWorld, type World } from '../../simulation/world.ts';
import { type AgentView, agentViewSchema } from '../../state/agent-view.ts';
import { type AgentProcess, createAgentProcess } from './agent-process.ts';
import { DEMO_MIRROR, DEMO_MIRROR_URL } from './demo-mirror.ts';
import type { Sightings } from './timeline.ts';

/** Agents as real processes, the world their hosts live in, and what was last seen of each. */
export interface DemoCluster {
  readonly folder: string;
  agents(): readonly AgentProcess[];
  /** Adds a machine to the world and starts an agent on it. */
  add(): Promise<AgentProcess>;
  /** Cuts the power of a machine, agent included. */
  kill(name: string): Promise<void>;
  /** Boots the machine again with the disk it had. */
  boot(name: string): Promise<void>;
  look(): Promise<Sightings>;
  /** Ends every process that was started and removes the folder. */
  stop(): Promise<void>;
}

/** kubeadm on simulated hosts takes a third of the time it takes on real ones. */
const SPEED = 3;

/** Makes an empty demo; `writeToken` puts the cluster token into the file it is given. */
export async function createDemoCluster(
  writeToken: (file: string) => Promise<void>,
): Promise<DemoCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'civitas-demo-'));
  const tokenFile = join(folder, 'cluster.token');
  await writeToken(tokenFile);
  const world: World = createWorld({ clock: createSystemClock(), speed: SPEED });
  world.setMirror(DEMO_MIRROR_URL, DEMO_MIRROR);
  const worldSocket = join(folder, 'world.sock');
  const stopWorld = await serveWorld(world, worldSocket);
  const agents: AgentProcess[] = [];

  async function add(): Promise<AgentProcess> {
    const number = agents.length + 1;
    const name = `n${number}`;
    const address = `127.0.1.${number}`;
    world.addHost({ hostname: name, address });
    const agent = createAgentProcess({ name, address, folder, tokenFile, worldSocket });
    agents.push(agent);
    await agent.start();
    return agent;
  }

  const named = (name: string): AgentProcess => {
    const agent = agents.find((candidate) => candidate.name === name);
    if (!agent) throw new RangeError(`the demo has no ${name}`);
    return agent;
  };

  return {
    folder,
    agents: () => agents,
    add,
    async kill(name) {
      world.powerOff(name);
      await named(name).kill();
    },
    async boot(name) {
      world.boot(name);
      await named(name).start();
    },
    look: () => look(agents),
    async stop() {
      await Promise.all(agents.map((agent) => agent.stop()));
      await stopWorld();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function look(agents: readonly AgentProcess[]): Promise<Sightings> {
  const views = await Promise.all(
    agents.map(async (agent) => [agent.name, await viewOf(agent)] as const),
  );
  return new Map(views.filter((entry): entry is [string, AgentView] => entry[1] !== undefined));
}

/** Undefined while the agent starts or after it was killed: the demo shows that, too. */
async function viewOf(agent: AgentProcess): Promise<AgentView | undefined> {
  if (!agent.running()) return undefined;
  return askAgent(agent.socketPath, '/v1/status', agentViewSchema).catch(() => undefined);
}
