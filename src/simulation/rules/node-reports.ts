import { askApi, controllerManagerWorks } from '../api-access.ts';
import { durationMs } from '../go-duration.ts';
import { heldFor } from '../held-for.ts';
import { readKubeconfig } from '../kubeconfig.ts';
import { CNI_FOLDER, KUBELET_CONF } from '../paths.ts';
import type { SimulatedCluster, SimulatedNode } from '../simulated-cluster.ts';
import { listFolder, readFile } from '../simulated-disk.ts';
import { kubernetesVersions, type PoweredHost } from '../simulated-host.ts';
import { TIMINGS } from '../timings.ts';
import { poweredHosts, type WorldState } from '../world-state.ts';
import { controllerManagerFlag } from './controller-managers.ts';
import { nodeAddressOf, nodeNameOf } from './node-name.ts';

interface Report {
  readonly host: PoweredHost;
  readonly cluster: SimulatedCluster;
}

/** Kubelets register and report; the controller manager marks those it no longer hears. */
export function reportNodes(world: WorldState): void {
  const reports = poweredHosts(world).flatMap((host) => reportOf(world, host));
  for (const report of reports) register(world, report);
  for (const cluster of world.clusters.values()) {
    for (const node of cluster.nodes.values()) updateReady(world, cluster, node, reports);
  }
}

function reportOf(world: WorldState, host: PoweredHost): readonly Report[] {
  if (!host.runtime.kubelet.running) return [];
  const kubeconfig = readKubeconfig(readFile(host.disk, KUBELET_CONF));
  const answer = kubeconfig && askApi(world, host, kubeconfig);
  return answer?.outcome === 'answered' ? [{ host, cluster: answer.cluster }] : [];
}

function register(world: WorldState, { host, cluster }: Report): void {
  const { kubelet } = host.runtime;
  const held = `${host.name}/registration`;
  if (!heldFor(world, held, !kubelet.registered, TIMINGS.kubeletRegistersMs)) return;
  kubelet.registered = true;
  const name = nodeNameOf(host);
  const known = cluster.nodes.get(name);
  cluster.nodes.set(name, {
    name,
    ready: known?.ready ?? false,
    controlPlane: known?.controlPlane ?? false,
    kubeletVersion: kubernetesVersions(host)[0] ?? 'v0.0.0',
    podCidr: known?.podCidr ?? null,
    internalIp: nodeAddressOf(host),
  });
  world.changes += 1;
}

function updateReady(
  world: WorldState,
  cluster: SimulatedCluster,
  node: SimulatedNode,
  reports: readonly Report[],
): void {
  const report = reports.find(
    ({ host, cluster: own }) => own === cluster && nodeNameOf(host) === node.name,
  );
  const name = `node ${cluster.id}/${node.name}`;
  const hasNetwork = report !== undefined && hasCni(report.host);
  const healthy = heldFor(world, `${name} ready`, hasNetwork, TIMINGS.nodeBecomesReadyMs);
  const unheard = report === undefined && controllerManagerWorks(world, cluster);
  const lost = heldFor(world, `${name} lost`, unheard, graceMs(world, cluster));

  const ready = node.ready ? !lost && !(report && !hasNetwork) : healthy;
  if (ready === node.ready) return;
  node.ready = ready;
  world.changes += 1;
}

function hasCni(host: PoweredHost): boolean {
  return listFolder(host.disk, CNI_FOLDER).some((name) => /\.conf(list)?$/.test(name));
}

function graceMs(world: WorldState, cluster: SimulatedCluster): number {
  const flag = controllerManagerFlag(world, cluster, 'node-monitor-grace-period');
  return durationMs(flag) ?? TIMINGS.nodeMonitorGraceMs;
}
