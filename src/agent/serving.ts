import { join } from 'node:path';
import { type LocalApi, serveLocalApi } from '../adapters/local-api-server.ts';
import { createBundleStore } from '../adapters/releases/file-store.ts';
import { serveFiles } from '../adapters/releases/serve-files.ts';
import type { Member } from '../engine/membership.ts';
import { RetryableError } from '../errors.ts';
import type { StoreHandle } from '../ports/store.ts';
import type { AgentOptions } from './agent-options.ts';
import { agentView } from './agent-view.ts';
import { measureCapacity } from './capacity.ts';
import type { Cleanup } from './cleanup.ts';
import type { FirstFoundations, Foundations } from './foundations.ts';
import { type HostSide, hostSide } from './host-side.ts';
import { knownLogAnswer } from './known-log-answer.ts';
import { type Kubeconfigs, serveKubeconfigs } from './kubeconfig-answer.ts';
import { leaveAnswer } from './leave-answer.ts';
import { localChanges } from './local-changes.ts';
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
  const host = hostSide(base, options, meeting.peers);
  cleanup.add(host.stop);
  const member = memberOf(base, meeting, host);
  cleanup.add(member.stop);
  const kubeconfigs = serveKubeconfigs({
    files: host.ports.files,
    peers: meeting.peers,
    store: () => member.current()?.log.store,
  });
  const bundleFiles = createBundleStore(options.stateDir);
  serveFiles({
    clock: base.clock,
    peers: meeting.peers,
    store: bundleFiles,
    isEnrolled: (nodeId) => member.current()?.log.store.get('node', nodeId) !== undefined,
  });
  const socketPath = join(options.stateDir, LOCAL_API_SOCKET);
  const api = {
    ...localApi(base, meeting, member, kubeconfigs),
    ...answersWhy(base, meeting, member, host),
  };
  const changes = localChanges({
    clock: base.clock,
    self: selfOf(base),
    expectedNodes: base.token.expectedNodes,
    bundleFiles,
    log: () => member.current()?.log,
  });
  cleanup.add(await serveLocalApi(socketPath, api, changes));
  return member;
}

function selfOf({ self }: Foundations) {
  return { nodeId: self.nodeId, incarnation: self.incarnation, record: self };
}

function answersWhy(
  base: Foundations,
  { formation }: Meeting,
  member: Member,
  { ports, replicaServers }: HostSide,
): LocalApi {
  const around = {
    ...ports,
    self: selfOf(base),
    replicaServers,
    record: () => formation.record(),
  };
  return {
    '/v1/known-log': async () => knownLogAnswer(storeOf(member)),
    '/v1/leave': async () => leaveAnswer(storeOf(member), around),
  };
}

function storeOf(member: Member): StoreHandle {
  const membership = member.current();
  if (membership) return membership.log.store;
  throw new RetryableError(
    'agent.no-cluster',
    'There is no cluster yet: see what `civitas status` waits for.',
  );
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
        missed: membership?.log.observers.missed() ?? new Set(),
        leases: membership?.log.leases.list() ?? [],
        probes: membership?.log.observers.probes() ?? [],
        health: membership?.manager.health() ?? {},
        logProblem: membership?.log.whyWaiting(),
        diskProblem: base.durable.problem(),
      });
    },
    '/v1/kubeconfig': kubeconfigs.obtain,
    '/v1/log-copy': async () => logCopyAnswer(formation.record(), member.current()?.log.store),
  };
}
