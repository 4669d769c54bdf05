import type { Assignment, Task } from '../../src/state/assignment.ts';
import { untilAllServe } from './kubeadm-cluster.ts';
import { leadUntil } from './kubeadm-leader.ts';
import { type KubeadmNode, type KubeadmNodes, writeSpec } from './kubeadm-nodes.ts';

const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane';
const EXCLUDED = 'node.kubernetes.io/exclude-from-external-load-balancers';
const TEN_MINUTES_MS = 600_000;
/** etcd adds and removes members only while all voters were connected for 5 s. */
const STEADY_MS = 12_000;
const DAEMON = { kind: 'DaemonSet', name: 'daemon', replicas: 1, emptyDir: true } as const;

/** A cluster with a pod on each node. From now on nobody leads but the test. */
export async function serveWithPods(cluster: KubeadmNodes, count: number, controlPlanes: number) {
  for (let added = 0; added < count; added += 1) await cluster.addNode();
  await writeSpec(cluster.log);
  for (const node of cluster.nodes) node.start();
  const leading = new AbortController();
  const leader = leadUntil(leading.signal, cluster, controlPlanes);
  await untilAllServe(cluster);
  leading.abort();
  await cluster.clock.drive(leader);
  for (const node of cluster.nodes) await installCni(cluster, node);
  cluster.world.applyWorkload('n1', DAEMON);
  await cluster.clock.advance(STEADY_MS);
}

async function installCni({ clock }: KubeadmNodes, { node, ports }: KubeadmNode): Promise<void> {
  const podCidr = (await ports.kube.ownNode(node.hostname))?.podCidr;
  await clock.drive(ports.podNetwork.installCni(podCidr ?? '10.244.99.0/24'));
}

export function nodeAt({ nodes }: KubeadmNodes, number: number): KubeadmNode {
  const node = nodes[number - 1];
  if (!node) throw new RangeError(`there is no n${number}`);
  return node;
}

const ROLES: Readonly<Partial<Record<Task, Assignment['role']>>> = {
  promote: 'control-plane',
  'join-control-plane': 'control-plane',
  demote: 'worker',
  'join-worker': 'worker',
};

/** Asks n`number` for another role, with n1 as its sponsor. */
export async function ask(cluster: KubeadmNodes, number: number, task: Task): Promise<string> {
  const { node } = nodeAt(cluster, number);
  const { nodeId, incarnation } = node;
  const before = cluster.log.get('assignment', nodeId);
  const operationId = `${task}-${nodeId}-2`;
  const assignment: Assignment = {
    nodeId,
    incarnation,
    term: 1,
    operationId,
    role: ROLES[task] ?? 'spare',
    task,
    sponsor: nodeAt(cluster, 1).node.nodeId,
    kubernetesVersion: 'v1.34.4',
  };
  await cluster.log.put('assignment', nodeId, assignment, before?.revision ?? 0);
  return operationId;
}

/** What the sponsor n1 does in the cluster before the host of n`number` may be touched. */
export async function seeToDeparture(cluster: KubeadmNodes, number: number): Promise<void> {
  const { kube, etcd } = nodeAt(cluster, 1).ports;
  const { node } = nodeAt(cluster, number);
  const { nodeId, incarnation, hostname } = node;
  const assignment = cluster.log.get('assignment', nodeId)?.value;
  const { clock } = cluster;
  const member = (await clock.drive(etcd.members()))?.find(({ name }) => name === hostname);
  if (member) await clock.drive(etcd.removeMember(member.id));
  if (assignment?.task === 'demote') {
    await clock.drive(kube.removeTaint(hostname, { key: CONTROL_PLANE, effect: 'NoSchedule' }));
    await clock.drive(kube.setLabels(hostname, { [CONTROL_PLANE]: null, [EXCLUDED]: null }));
  } else {
    const uid = (await clock.drive(kube.nodes())).find(({ name }) => name === hostname)?.uid;
    if (uid !== undefined) await clock.drive(kube.deleteNode(hostname, uid));
  }
  const departure = {
    nodeId,
    incarnation,
    operationId: assignment?.operationId ?? '',
    by: nodeAt(cluster, 1).node.nodeId,
    state: 'done' as const,
    waiting: null,
  };
  const before = cluster.log.get('departure', nodeId)?.revision ?? 0;
  await cluster.log.put('departure', nodeId, departure, before);
}

/** Until the node says that it is there by the operation that it was asked for last. */
export function untilThere({ clock, log, nodes }: KubeadmNodes, number: number): Promise<void> {
  const nodeId = nodes[number - 1]?.node.nodeId ?? '';
  return clock.runUntil(() => {
    const status = log.get('status', nodeId)?.value;
    const isEnd = status?.phase === 'serving' || status?.phase === 'spare';
    return isEnd && status.operationId === log.get('assignment', nodeId)?.value.operationId;
  }, TEN_MINUTES_MS);
}

export async function stopAll({ clock, nodes }: KubeadmNodes): Promise<void> {
  await clock.drive(Promise.all(nodes.map((node) => node.stop())));
}

/** The pod of the DaemonSet on n`number`, as long as it is there. */
export async function podOn(cluster: KubeadmNodes, number: number) {
  const pods = await nodeAt(cluster, 1).ports.kube.podsOn(`n${number}`);
  const pod = pods.find(({ name }) => name.startsWith('daemon-'));
  return pod && { uid: pod.uid, restarts: pod.restarts };
}

/** What of Kubernetes stands on the disk of n`number`, and what runs there. */
export async function hostOf({ nodes, world }: KubeadmNodes, number: number) {
  const { files } = (nodes[number - 1] ?? nodes[0])?.ports ?? {};
  const runtime = world.state.hosts.get(`n${number}`)?.runtime;
  return {
    kubernetes: await files?.list('/etc/kubernetes'),
    manifests: await files?.list('/etc/kubernetes/manifests'),
    pki: await files?.list('/etc/kubernetes/pki'),
    etcd: await files?.list('/var/lib/etcd'),
    cni: await files?.list('/etc/cni/net.d'),
    pods: [...(runtime?.pods ?? [])],
    kubelet: runtime?.kubelet.running,
  };
}

export function membersOf({ world }: KubeadmNodes): readonly string[] {
  const [cluster] = [...world.state.clusters.values()];
  return (cluster?.etcd.members ?? []).map(
    ({ name, learner }) => `${name} ${learner ? 'learner' : 'voter'}`,
  );
}
