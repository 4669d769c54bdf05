import type { Balancer } from '../ports/balancer.ts';
import type { PodNetwork } from '../ports/pod-network.ts';
import type { ReplicaServers } from '../ports/replica-servers.ts';
import type { Self } from '../ports/self.ts';
import type { Store } from '../ports/store.ts';
import { newestRevision } from '../runtime/newest-revision.ts';
import type { GenesisRecord } from '../state/genesis-record.ts';
import { type LeavingHost, leaveItems } from '../state/leave-items.ts';
import type { LeaveView } from '../state/leave-view.ts';
import { logReplicas } from './log-replicas.ts';
import { ownFacts } from './own-facts.ts';

interface Around {
  readonly balancer: Pick<Balancer, 'observe'>;
  readonly podNetwork: Pick<PodNetwork, 'observe'>;
  readonly self: Pick<Self, 'nodeId'>;
  readonly replicaServers: Pick<ReplicaServers, 'observe'>;
  /** Of genesis; null before there is a cluster. */
  record(): GenesisRecord | null;
}

/** How far this node's departure is, from the log and from the host itself. RetryableError `leave.not-enrolled`. */
export async function leaveAnswer(store: Store, around: Around): Promise<LeaveView> {
  const facts = ownFacts(store, around.self.nodeId);
  const { nodeId, hostname } = facts.node;
  const departure = store.get('departure', nodeId)?.value;
  const items = leaveItems({
    facts,
    replicaNodes: logReplicas(around.record(), store).map((replica) => replica.nodeId),
    handover: store.get('handover', nodeId)?.value,
    host: await hostView(around),
  });
  return {
    hostname,
    asked: facts.leaving,
    revision: newestRevision(store),
    items: [...items],
    waiting: departure?.waiting?.message ?? facts.status?.waiting?.message ?? null,
  };
}

async function hostView({ balancer, podNetwork, replicaServers }: Around): Promise<LeavingHost> {
  const [balancing, pods, servers] = await Promise.all([
    balancer.observe(),
    podNetwork.observe(),
    replicaServers.observe(),
  ]);
  const running = servers.filter((server) => server.running);
  return {
    replicas: running.map(({ serverName }) => `${serverName} runs`),
    balancerServers: balancing.servers.map(({ name }) => name),
    cniPodCidr: pods.cniPodCidr,
    masqueradeFor: pods.masqueradeFor,
  };
}
