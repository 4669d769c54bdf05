import type { AgentOptions } from './agent-options.ts';
import { type Cleanup, createCleanup } from './cleanup.ts';
import { layFoundations } from './foundations.ts';
import { meetPeers } from './meeting.ts';

export interface Agent {
  /** Rejects when the agent can not go on, such as when its disk refuses to keep its state. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

/**
 * Starts one agent: found or join the cluster, then bring this host to what the log asks of it.
 * When it rejects, nothing of the agent is left running.
 */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  const cleanup = createCleanup();
  try {
    return await start(options, cleanup);
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

async function start(options: AgentOptions, cleanup: Cleanup): Promise<Agent> {
  const base = await layFoundations(options);
  cleanup.add(base.release);
  const meeting = await meetPeers(base, options, cleanup);
  // Most of an agent is for members of a cluster: loaded only now, it keeps nobody waiting.
  const { serveCluster } = await import('./serving.ts');
  const { failed } = await serveCluster(base, meeting, options, cleanup);
  return { failed, stop: cleanup.run };
}
