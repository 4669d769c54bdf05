import type { MemoryLink } from '../../src/simulation/memory-link.ts';
import type { Node } from '../../src/state/node.ts';
import { memoryDurable } from './memory-durable.ts';
import { runningReplicas } from './whole-cluster-fakes.ts';
import { createLife, type Life } from './whole-cluster-life.ts';
import { type Process, type Surroundings, startProcess } from './whole-cluster-process.ts';
import type { Identity } from './whole-cluster-record.ts';

/** Hears of each call of an agent right before it takes effect, and may kill that agent there. */
export type Witness = (agent: WholeClusterAgent, call: string) => void;

/** The agent of one machine: every controller there is, on what outlives its process. */
export interface WholeClusterAgent {
  readonly node: Node;
  readonly hostname: string;
  /** The term it leads in; undefined when it does not. */
  term(): number | undefined;
  /** Nothing when it runs. */
  start(): void;
  /** SIGKILL. A write under way may still reach the log, or not. */
  kill(): void;
  /** SIGTERM: passes under way come to their end, and a leader hands over. */
  stop(): Promise<void>;
  /** How it reaches the log; undefined while it does not run. */
  link(): MemoryLink | undefined;
}

export function createAgent(
  identity: Identity,
  around: Surroundings,
  witness: Witness,
): WholeClusterAgent {
  const directory = { durable: memoryDurable(), replicaServers: runningReplicas() };
  let life: Life | undefined;
  let process: Process | undefined;

  async function run(newLife: Life): Promise<void> {
    const started = await startProcess(newLife, identity, directory, around);
    if (!newLife.isOver()) process = started;
  }

  const agent: WholeClusterAgent = {
    node: identity.node,
    hostname: identity.node.hostname,
    term: () => process?.leadership.term(),
    start() {
      if (life) return;
      life = createLife((call) => witness(agent, call));
      void run(life);
    },
    kill() {
      life?.end();
      if (around.random.number() < 0.5) process?.link.setUp(false);
      life = undefined;
      process = undefined;
    },
    async stop() {
      const [stopping, ending] = [process, life];
      process = undefined;
      await stopping?.stop();
      ending?.end();
      stopping?.link.setUp(false);
      life = undefined;
    },
    link: () => process?.link,
  };
  return agent;
}
