import { imageIn } from '../kubernetes-releases.ts';
import { canTalk } from '../network.ts';
import { manifestPath } from '../paths.ts';
import type { SimulatedCluster, SimulatedMember } from '../simulated-cluster.ts';
import { readFile } from '../simulated-disk.ts';
import { isPowered } from '../simulated-host.ts';
import type { WorldState } from '../world-state.ts';
import type { TracedMember } from './entry.ts';
import type { Recorder } from './recorder.ts';

/** Notes members and Nodes of every Kubernetes cluster whenever they are not as they were noted last. */
export function createClusterWatch(world: WorldState, recorder: Recorder): () => void {
  const noted = new Map<string, string>();
  /** By host: the version of its API server. */
  const served = new Map<string, string>();

  function noteIfNew(key: string, what: object, note: () => void): void {
    const text = JSON.stringify(what);
    if (noted.get(key) === text) return;
    noted.set(key, text);
    note();
  }

  /** What served last counts also while it is restarted: the next one may be older. */
  function apiServerVersionOn(name: string): string | undefined {
    const host = world.hosts.get(name);
    const isInstalled = host && readFile(host.disk, manifestPath('kube-apiserver')) !== undefined;
    if (!isInstalled) served.delete(name);
    const manifest = host?.runtime?.apiServerReady
      ? host.runtime.podManifests.get('kube-apiserver')
      : undefined;
    const version = manifest && imageIn(manifest).split(':')[1];
    if (version) served.set(name, version);
    return served.get(name);
  }

  function look(cluster: SimulatedCluster): void {
    const members = cluster.etcd.members.map((member) => tracedMember(world, cluster, member));
    const voters = members.filter(({ learner }) => !learner);
    const serves = voters.filter(({ healthy }) => healthy).length > voters.length / 2;
    noteIfNew(`${cluster.id} members`, { members, serves }, () =>
      recorder.note('*', { type: 'etcd.members', cluster: cluster.id, members, serves }),
    );
    const nodes = [...cluster.nodes.values()].map(({ name, ready, controlPlane, ...rest }) => {
      const apiServerVersion = apiServerVersionOn(name);
      return {
        name,
        ready,
        controlPlane,
        kubeletVersion: rest.kubeletVersion,
        ...(apiServerVersion === undefined ? {} : { apiServerVersion }),
      };
    });
    noteIfNew(`${cluster.id} nodes`, nodes, () =>
      recorder.note('*', { type: 'kubernetes.nodes', cluster: cluster.id, nodes }),
    );
  }

  return () => {
    for (const cluster of world.clusters.values()) look(cluster);
  };
}

function tracedMember(
  world: WorldState,
  cluster: SimulatedCluster,
  { id, name, peerUrl, learner }: SimulatedMember,
): TracedMember {
  const running = [...world.hosts.values()]
    .filter(isPowered)
    .find(({ runtime }) => runtime.etcd?.clusterId === cluster.id && runtime.etcd.memberId === id);
  const leader = [...world.hosts.values()]
    .filter(isPowered)
    .find(({ runtime }) => runtime.etcd?.memberId === cluster.etcd.leader);
  const healthy = running !== undefined && leader !== undefined && canTalk(world, running, leader);
  // Its host may have another address by now.
  const host = running?.name ?? (world.hosts.has(name) ? name : hostAtUrl(world, peerUrl));
  return { name, host, learner, started: name !== '', healthy };
}

function hostAtUrl(world: WorldState, peerUrl: string): string {
  const { hostname } = new URL(peerUrl);
  const hosts = [...world.hosts.values()];
  const there = hosts.find(({ address }) => address === hostname);
  return (there ?? hosts.find((host) => host.formerAddresses.has(hostname)))?.name ?? hostname;
}
