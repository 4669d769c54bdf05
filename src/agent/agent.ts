import { hostAddresses } from '../adapters/host-addresses.ts';
import type { AgentOptions } from './agent-options.ts';
import { type Cleanup, createCleanup } from './cleanup.ts';
import { layFoundations } from './foundations.ts';
import { meetPeers } from './meeting.ts';
import { watchAddress } from './watch-address.ts';

export interface Agent {
  /**
   * Rejects when the agent can not go on, such as when its disk refuses to keep its state, or its machine
   * has another address.
   */
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
  const stopping = new AbortController();
  cleanup.add(async () => stopping.abort('stopped'));
  const moved = watchAddress({
    address: base.self.addresses[0] ?? '',
    clock: base.clock,
    signal: stopping.signal,
    addresses: () => hostAddresses().map(({ address }) => address),
  });
  const ends = Promise.race([failed, moved]);
  // Whoever started the agent looks at this only once the start is complete.
  ends.catch(() => undefined);
  return { failed: ends, stop: cleanup.run };
}
