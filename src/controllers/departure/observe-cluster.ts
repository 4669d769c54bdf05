import { RetryableError } from '../../errors.ts';
import type { EtcdHealth } from '../../ports/etcd.ts';
import type { Ports } from '../../ports/index.ts';
import type { KubeNode } from '../../ports/kube.ts';
import { kubeletBeat, lookedAgain } from '../../state/kubelet-beat.ts';
import type { WaitReason } from '../../state/status.ts';
import type { Memory } from './memory.ts';
import type { ClusterSight, Departing, NodeSight } from './observed.ts';

type Unseen = { readonly unseen: WaitReason };

/** Kubernetes and etcd as they are now; a wait where one of them does not answer. */
export async function observeCluster(
  of: Departing,
  ports: Ports,
  memory: Memory,
): Promise<ClusterSight | Unseen> {
  try {
    const health = await ports.etcd.health();
    if (health === undefined) return { unseen: noEtcd(ports) };
    return { health, node: await observeNode(of, ports, memory) };
  } catch (error) {
    const unseen = unanswered(error);
    if (unseen === undefined) throw error;
    return { unseen };
  }
}

/** The health of etcd, or RetryableError `etcd.unreachable`. */
export async function knownHealth(ports: Ports): Promise<EtcdHealth> {
  const health = await ports.etcd.health();
  if (health) return health;
  throw new RetryableError('etcd.unreachable', noEtcd(ports).message);
}

/** Why the kubelet of a node that was found dead must be taken to run; undefined also without a Node. */
export async function observeBeat(
  node: Pick<KubeNode, 'name' | 'ready'>,
  { wiped }: Departing,
  { clock, kube }: Ports,
  { leases }: Memory,
): Promise<string | undefined> {
  const { name, ready } = node;
  const lease = (await kube.nodeLeases()).find((each) => each.node === name);
  const now = { nowMs: clock.nowMs(), wallMs: clock.wallMs() };
  const sight = lookedAgain(leases.get(name), lease, now);
  if (sight) leases.set(name, sight);
  return kubeletBeat({ name, ready, wiped }, sight, now);
}

async function observeNode(
  of: Departing,
  ports: Ports,
  memory: Memory,
): Promise<NodeSight | undefined> {
  const { kube } = ports;
  const { hostname, task, life } = of;
  const node = (await kube.nodes()).find(({ name }) => name === hostname);
  const marks = node && (await kube.nodeMarks(hostname));
  if (!node || !marks) return undefined;
  const drains = task === 'retire' && life === 'alive';
  return {
    node,
    marks,
    pods: drains ? await kube.podsOn(hostname) : [],
    budgets: drains ? await kube.disruptionBudgets() : [],
    attachments: task === 'retire' ? await kube.volumeAttachments(hostname) : [],
    beat: life === 'dead' ? await observeBeat(node, of, ports, memory) : undefined,
  };
}

function unanswered(error: unknown): WaitReason | undefined {
  if (!(error instanceof RetryableError)) return undefined;
  const { code, message } = error;
  if (code === 'etcd.unreachable') return { reason: 'etcd-not-healthy', message };
  return code === 'kube.unreachable' ? { reason: 'api-server', message } : undefined;
}

function noEtcd({ self }: Ports): WaitReason {
  const message = `${self.record.hostname} runs no etcd, so it can not see to a departure: the leader has to name another control plane`;
  return { reason: 'etcd-not-healthy', message };
}
