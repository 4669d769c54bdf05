import type { KubeConfigMapName } from '../../src/ports/kube-objects.ts';
import { putConfigMap } from '../../src/simulation/config-maps.ts';
import type { Fleet } from '../../src/simulation/fleet/fleet.ts';
import type { Machine } from '../../src/simulation/fleet/machine.ts';
import type { SimulatedCluster } from '../../src/simulation/simulated-cluster.ts';
import { dropFile, putFile, readFile } from '../../src/simulation/simulated-disk.ts';
import type { SimulatedHost } from '../../src/simulation/simulated-host.ts';
import { logOf } from './fleet-log.ts';

/** Machines that the log gives this role, in the order of their node ids. */
export function machinesWith(fleet: Fleet, role: string): readonly Machine[] {
  const log = logOf(fleet);
  return fleet.machines
    .filter((machine) => log.get('assignment', machine.node().nodeId)?.value.role === role)
    .toSorted((left, right) => (left.node().nodeId < right.node().nodeId ? -1 : 1));
}

export function hostOf({ world }: Fleet, { hostname }: Machine): SimulatedHost {
  const host = world.state.hosts.get(hostname);
  if (!host) throw new RangeError(`there is no ${hostname}`);
  return host;
}

export function fileOn(fleet: Fleet, machine: Machine, path: string): string | undefined {
  return readFile(hostOf(fleet, machine).disk, path);
}

/** Somebody writes a file with an editor. */
export function writeByHand(fleet: Fleet, machine: Machine, path: string, content: string): void {
  const { disk } = hostOf(fleet, machine);
  const mode = disk.files.get(path)?.mode ?? 0o644;
  putFile(disk, path, { content, mode, nowMs: fleet.clock.nowMs(), synced: true });
}

export function removeByHand(fleet: Fleet, machine: Machine, path: string): void {
  dropFile(hostOf(fleet, machine).disk, path);
}

export function clusterOf({ world }: Fleet): SimulatedCluster {
  const [cluster] = world.state.clusters.values();
  if (!cluster) throw new RangeError('there is no cluster');
  return cluster;
}

export function configMapText(fleet: Fleet, name: KubeConfigMapName, key: string): string {
  return clusterOf(fleet).configMaps.get(name)?.data[key] ?? '';
}

/** Somebody writes a ConfigMap with `kubectl edit`. */
export function writeConfigMap(
  fleet: Fleet,
  name: KubeConfigMapName,
  key: string,
  text: string,
): void {
  const cluster = clusterOf(fleet);
  putConfigMap(cluster, name, { ...cluster.configMaps.get(name)?.data, [key]: text });
  cluster.etcd.revision += 1;
}

/** What a node says of what was changed on it: `<item> <state>`. */
export function deviationsOn(fleet: Fleet, machine: Machine): readonly string[] {
  const drift = logOf(fleet).get('drift', machine.node().nodeId)?.value;
  return (drift?.deviations ?? []).map(({ item, state }) => `${item} ${state}`);
}

/** Who put what back, in order: `<host> <item>`. */
export function repairsIn(fleet: Fleet): readonly string[] {
  const events = logOf(fleet).list('event');
  return events.flatMap(({ value: { controller, action, hostname, summary } }) => {
    const [, item] = /^puts (\S+) back/.exec(summary) ?? [];
    return controller === 'drift' && action === 'repair' ? [`${hostname} ${item}`] : [];
  });
}

/** Lets time pass, looking each second; the least number of API servers that answered at one time. */
export async function fewestApiServers(fleet: Fleet, minutes: number): Promise<number> {
  let fewest = Number.POSITIVE_INFINITY;
  for (let second = 0; second < minutes * 60; second += 1) {
    await fleet.clock.advance(1_000);
    const ready = machinesWith(fleet, 'control-plane').filter(
      (machine) => hostOf(fleet, machine).runtime?.apiServerReady,
    );
    fewest = Math.min(fewest, ready.length);
  }
  return fewest;
}
