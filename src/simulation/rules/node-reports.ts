import { askApi, controllerManagerWorks } from '../api-access.ts';
import { takesWrites } from '../etcd-cluster.ts';
import { durationMs } from '../go-duration.ts';
import { heldFor } from '../held-for.ts';
import { readKubeconfig } from '../kubeconfig.ts';
import { CNI_FOLDER } from '../paths.ts';
import type { Report } from '../report.ts';
import { nextUid, type SimulatedCluster, type SimulatedNode } from '../simulated-cluster.ts';
import { listFolder } from '../simulated-disk.ts';
import type { PoweredHost } from '../simulated-host.ts';
import { TIMINGS } from '../timings.ts';
import { poweredHosts, type WorldState } from '../world-state.ts';
import { controllerManagerFlag } from './controller-managers.ts';
import { nodeAddressOf, nodeNameOf } from './node-name.ts';

/** Kubelets register and report; the controller manager marks those it no longer hears. */
export function reportNodes(world: WorldState): void {
  const reports = heardKubelets(world);
  for (const report of reports) register(world, report);
  for (const cluster of world.clusters.values()) {
    if (!takesWrites(cluster)) continue;
    for (const node of cluster.nodes.values()) updateReady(world, cluster, node, reports);
  }
}

/** Found anew only after a change: several rules ask in each round. */
export function heardKubelets(world: WorldState): readonly Report[] {
  if (world.heard?.changes !== world.changes) {
    const reports = poweredHosts(world).flatMap((host) => reportOf(world, host));
    world.heard = { changes: world.changes, reports };
  }
  return world.heard.reports;
}

function hasCni({ disk }: PoweredHost): boolean {
  return listFolder(disk, CNI_FOLDER).some((name) => /\.conf(list)?$/.test(name));
}

function reportOf(world: WorldState, host: PoweredHost): readonly Report[] {
  const { kubelet } = host.runtime;
  if (!kubelet.running) return [];
  const kubeconfig = readKubeconfig(kubelet.kubeconfig);
  const answer = kubeconfig && askApi(world, host, kubeconfig);
  if (answer?.outcome !== 'answered' || !takesWrites(answer.cluster)) return [];
  const { cluster } = answer;
  return [{ host, cluster, name: nodeNameOf(host), hasNetwork: hasCni(host) }];
}

function register(world: WorldState, { host, cluster, name }: Report): void {
  const { kubelet } = host.runtime;
  const held = `${host.name}/registration`;
  if (!heldFor(world, held, !kubelet.registered, TIMINGS.kubeletRegistersMs)) return;
  kubelet.registered = true;
  const known = cluster.nodes.get(name);
  cluster.nodes.set(name, {
    ...(known ?? newNode(cluster, name)),
    kubeletVersion: kubelet.version,
    internalIp: nodeAddressOf(host),
  });
  world.changes += 1;
}

function newNode(cluster: SimulatedCluster, name: string): Omit<SimulatedNode, 'internalIp'> {
  return {
    name,
    uid: nextUid(cluster),
    ready: false,
    controlPlane: false,
    kubeletVersion: '',
    podCidr: null,
    unschedulable: false,
    taints: [],
    labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' },
    silentSinceWallMs: null,
  };
}

function updateReady(
  world: WorldState,
  cluster: SimulatedCluster,
  node: SimulatedNode,
  reports: readonly Report[],
): void {
  const report = reports.find((each) => each.cluster === cluster && each.name === node.name);
  const name = `node ${cluster.id}/${node.name}`;
  const hasNetwork = report?.hasNetwork === true;
  const healthy = heldFor(world, `${name} ready`, hasNetwork, TIMINGS.nodeBecomesReadyMs);
  const unheard = report === undefined && controllerManagerWorks(world, cluster);
  const lost = heldFor(world, `${name} lost`, unheard, graceMs(world, cluster));
  if (report) node.silentSinceWallMs = null;
  else node.silentSinceWallMs ??= world.clock.wallMs();

  const ready = node.ready ? !lost && !(report && !hasNetwork) : healthy;
  if (ready === node.ready) return;
  node.ready = ready;
  world.changes += 1;
}

function graceMs(world: WorldState, cluster: SimulatedCluster): number {
  const flag = controllerManagerFlag(world, cluster, 'node-monitor-grace-period');
  return durationMs(flag) ?? TIMINGS.nodeMonitorGraceMs;
}
