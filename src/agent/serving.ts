import { join } from 'node:path';
import { type LocalApi, serveLocalApi } from '../adapters/local-api-server.ts';
import type { Member } from '../engine/membership.ts';
import type { AgentOptions } from './agent-options.ts';
import { agentView } from './agent-view.ts';
import { measureCapacity } from './capacity.ts';
import type { Cleanup } from './cleanup.ts';
import type { FirstFoundations, Foundations } from './foundations.ts';
import { hostSide } from './host-side.ts';
import { type Kubeconfigs, serveKubeconfigs } from './kubeconfig-answer.ts';
import { logCopyAnswer } from './log-copy-answer.ts';
import type { Meeting } from './meeting.ts';
import { memberOf } from './membership.ts';

const LOCAL_API_SOCKET = 'agent.sock';

/**
 * What an agent does from the moment its peers can reach it: it waits to be a member of the cluster,
 * then brings this host to what the log asks of it, and answers `civitas status`, until `cleanup` runs.
 */
export async function serveCluster(
  first: FirstFoundations,
  meeting: Meeting,
  options: AgentOptions,
  cleanup: Cleanup,
): Promise<Member> {
  const capacity = await measureCapacity(options.stateDir);
  const base: Foundations = { ...first, self: { ...first.self, capacity } };
  const host = hostSide(base, options);
  cleanup.add(host.stop);
  const member = memberOf(base, meeting, host);
  cleanup.add(member.stop);
  const kubeconfigs = serveKubeconfigs({
    files: host.ports.files,
    peers: meeting.peers,
    store: () => member.current()?.log.store,
  });
  const socketPath = join(options.stateDir, LOCAL_API_SOCKET);
  cleanup.add(await serveLocalApi(socketPath, localApi(base, meeting, member, kubeconfigs)));
  return member;
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
    '/v1/log-copy': async () => logCopyAnswer(formation.record(), member.current()?.log.store),
  };
}
