import { createSeededRandom } from '../../src/simulation/seeded-random.ts';
import type { WholeCluster } from './whole-cluster.ts';
import type { WholeClusterAgent } from './whole-cluster-agent.ts';
import { killFor } from './whole-cluster-kills.ts';

const MOST_TROUBLES = 6;
const BEGIN_WITHIN_MS = 40_000;
const LONGEST_MS = 30_000;
/** Where kubeadm fails: before anything is there, in the middle, and when all is done. */
const PHASES = ['preflight', 'kubelet-start', 'etcd-join', 'upload-config', 'addon/kube-proxy'];

interface Trouble {
  readonly cluster: WholeCluster;
  readonly agent: WholeClusterAgent;
  readonly other: WholeClusterAgent;
  readonly durationMs: number;
  readonly phase: string;
}

/** What may happen to a cluster that forms. Each is over after its time, and by itself harmless. */
const TROUBLES: readonly ((trouble: Trouble) => Promise<void> | void)[] = [
  ({ cluster, agent, durationMs }) => killFor(cluster, agent, durationMs),
  powerCut,
  agentWithoutLog,
  agentWithStaleCopy,
  logWithoutQuorum,
  cutCable,
  killedKubeadm,
  ({ cluster, agent, phase }) =>
    cluster.world.failNext(agent.hostname, { phase, text: 'simulated failure' }),
];

/** One to six troubles, all drawn from the seed; resolves after the last. */
export async function scheduleTroubles(cluster: WholeCluster, seed: number): Promise<void> {
  const random = createSeededRandom(seed);
  const draw = <T>(choices: readonly T[]): T =>
    choices[Math.floor(random.number() * choices.length)] as T;
  const count = 1 + Math.floor(random.number() * MOST_TROUBLES);
  const troubles = Array.from({ length: count }, async () => {
    const begin = draw(TROUBLES);
    const [agent, other, phase] = [draw(cluster.agents), draw(cluster.agents), draw(PHASES)];
    const atMs = random.number() * BEGIN_WITHIN_MS;
    const durationMs = random.number() * LONGEST_MS;
    await cluster.clock.sleep(atMs);
    await begin({ cluster, agent, other, phase, durationMs });
  });
  await Promise.all(troubles);
}

async function powerCut({ cluster, agent, durationMs }: Trouble): Promise<void> {
  cluster.powerOff(agent.hostname);
  await cluster.clock.sleep(durationMs);
  cluster.boot(agent.hostname);
}

async function agentWithoutLog({ cluster, agent, durationMs }: Trouble): Promise<void> {
  const link = agent.link();
  link?.setUp(false);
  await cluster.clock.sleep(durationMs);
  link?.setUp(true);
}

async function agentWithStaleCopy({ cluster, agent, durationMs }: Trouble): Promise<void> {
  const link = agent.link();
  link?.setWatching(false);
  await cluster.clock.sleep(durationMs);
  link?.setWatching(true);
}

async function logWithoutQuorum({ cluster, durationMs }: Trouble): Promise<void> {
  cluster.log.setQuorum(false);
  await cluster.clock.sleep(durationMs);
  cluster.log.setQuorum(true);
}

async function cutCable({ cluster, agent, other, durationMs }: Trouble): Promise<void> {
  if (agent === other) return;
  cluster.world.cut(agent.hostname, other.hostname);
  await cluster.clock.sleep(durationMs);
  cluster.world.heal(agent.hostname, other.hostname);
}

function killedKubeadm({ cluster, agent }: Trouble): void {
  const { world } = cluster;
  const units = world.state.hosts.get(agent.hostname)?.runtime?.units ?? new Map();
  for (const name of units.keys()) world.killOperation(agent.hostname, name);
}
