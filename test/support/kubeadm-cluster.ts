import { isServing, leadUntil } from './kubeadm-leader.ts';
import { type KubeadmNodes, writeSpec } from './kubeadm-nodes.ts';

const ONE_HOUR_MS = 3_600_000;

/** Runs `body` with a leader and all agents at work, and ends them afterwards. */
export async function withCluster(
  cluster: KubeadmNodes,
  controlPlanes: number,
  body: () => Promise<void>,
): Promise<void> {
  const leading = new AbortController();
  await writeSpec(cluster.log);
  for (const node of cluster.nodes) node.start();
  const leader = leadUntil(leading.signal, cluster, controlPlanes);
  await body();
  leading.abort();
  await cluster.clock.drive(Promise.all([leader, ...cluster.nodes.map((node) => node.stop())]));
}

export async function untilAllServe({ clock, log, nodes }: KubeadmNodes): Promise<void> {
  await clock.runUntil(() => nodes.every(({ node }) => isServing(node, log)), ONE_HOUR_MS);
}

/** Hosts on which a command was started, once for each start. */
export function started({ world }: KubeadmNodes, command: string): readonly string[] {
  return world.state.journal
    .filter(({ event, detail }) => event === 'operation.started' && detail.includes(command))
    .map(({ host }) => host);
}

export function tokensOf({ world }: KubeadmNodes): readonly string[] {
  return [...world.state.clusters.values()].flatMap(({ tokens }) => [...tokens.keys()]);
}

export async function secretsOf({ nodes }: KubeadmNodes): Promise<readonly string[]> {
  const names = ['civitas-kubeadm.yaml', 'civitas-discovery.conf'];
  const listed = await Promise.all(nodes.map(({ ports }) => ports.files.list('/etc/kubernetes')));
  return listed.flat().filter((name) => names.includes(name));
}

export function changes({ world, log }: KubeadmNodes): number {
  const kinds = ['assignment', 'operation', 'status', 'handover'] as const;
  const revisions = kinds.flatMap((kind) => log.list(kind).map(({ revision }) => revision));
  return world.state.journal.length + revisions.reduce((sum, revision) => sum + revision, 0);
}
