import { join } from 'node:path';
import { type LocalApi, serveLocalApi } from '../adapters/local-api-server.ts';
import type { Member } from '../engine/membership.ts';
import type { AgentOptions } from './agent-options.ts';
import { agentView } from './agent-view.ts';
import { type Cleanup, createCleanup } from './cleanup.ts';
import { type Foundations, layFoundations } from './foundations.ts';
import { hostSide } from './host-side.ts';
import { type Kubeconfigs, serveKubeconfigs } from './kubeconfig-answer.ts';
import { type Meeting, meetPeers } from './meeting.ts';
import { memberOf } from './membership.ts';

const LOCAL_API_SOCKET = 'agent.sock';

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
  const host = hostSide(base, options);
  cleanup.add(host.stop);
  const meeting = await meetPeers(base, options, cleanup);
  const member = memberOf(base, meeting, host);
  cleanup.add(member.stop);
  const kubeconfigs = serveKubeconfigs({
    files: host.ports.files,
    peers: meeting.peers,
    store: () => member.current()?.log.store,
  });
  const socketPath = join(options.stateDir, LOCAL_API_SOCKET);
  cleanup.add(await serveLocalApi(socketPath, localApi(base, meeting, member, kubeconfigs)));
  return { failed: member.failed, stop: cleanup.run };
}

function localApi(
  base: Foundations,
  { formation }: Meeting,
  member: Member,
  kubeconfigs: Kubeconfigs,
): LocalApi {
  const startedWallMs = base.clock.wallMs();
  return {
    '/v1/status': async () => {
      const membership = member.current();
      return agentView({
        self: base.self,
        startedWallMs,
        expectedNodes: base.token.expectedNodes,
        formation: formation.view(),
        store: membership?.log.store,
        health: membership?.manager.health() ?? {},
        logProblem: membership?.log.whyWaiting(),
        diskProblem: base.durable.problem(),
      });
    },
    '/v1/kubeconfig': kubeconfigs.obtain,
  };
}
