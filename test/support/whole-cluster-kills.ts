import { createSeededRandom } from '../../src/simulation/seeded-random.ts';
import type { WholeCluster } from './whole-cluster.ts';
import type { WholeClusterAgent } from './whole-cluster-agent.ts';

/** Calls that change something outside the agent; what they only look at needs no crash between. */
const CHANGES =
  /^(store\.|durable\.write obeyed|files\.(write|remove|makeFolder)|host\.prepare|operations\.(start|forget)|balancer\.(install|add|remove|write)|podNetwork\.(install|masquerade|add|remove)|kube\.(create|delete)|replicaServers\.st)/;

const MOST_KILLS = 10;
const KILLS_WITHIN_MS = 30_000;
const LONGEST_PAUSE_MS = 10_000;

/** SIGKILL now, and a new start after a while. */
export async function killFor(
  { clock }: Pick<WholeCluster, 'clock'>,
  agent: WholeClusterAgent,
  pauseMs: number,
): Promise<void> {
  agent.kill();
  await clock.sleep(pauseMs);
  agent.start();
}

/** One to ten kills of agents at moments of the formation, all drawn from the seed; resolves after the last. */
export async function scheduleKills(cluster: WholeCluster, seed: number): Promise<void> {
  const random = createSeededRandom(seed);
  const kills = Array.from({ length: 1 + Math.floor(random.number() * MOST_KILLS) }, async () => {
    const agent = cluster.agents[Math.floor(random.number() * cluster.agents.length)];
    const atMs = random.number() * KILLS_WITHIN_MS;
    const pauseMs = random.number() * LONGEST_PAUSE_MS;
    await cluster.clock.sleep(atMs);
    if (agent) await killFor(cluster, agent, pauseMs);
  });
  await Promise.all(kills);
}

/** Counts the changes that agents are about to make, and calls back at the one of that number. */
export function changeCounter(onChange: (count: number, agent: WholeClusterAgent) => void) {
  let count = 0;
  return {
    count: () => count,
    witness(agent: WholeClusterAgent, call: string): void {
      if (!CHANGES.test(call)) return;
      count += 1;
      onChange(count, agent);
    },
  };
}
