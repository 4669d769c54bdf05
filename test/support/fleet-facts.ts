import { readProgress } from '../../src/machines/operation-progress.ts';
import type { StoreHandle } from '../../src/ports/store.ts';
import type { Fleet } from '../../src/simulation/fleet/fleet.ts';
import type { World } from '../../src/simulation/world.ts';
import type { JournalEntry } from '../../src/simulation/world-state.ts';
import { DISCOVERY_FILE, KUBEADM_CONFIG_FILE } from '../../src/state/kubernetes-paths.ts';
import { logOf } from './fleet-log.ts';

const INIT = / kubeadm init /;
const CONTROL_PLANE_JOIN = /^kubeadm-\d+-join-control-plane-/;

/** What the machines are like, by their own account and not by the log's. */
export interface ClusterFacts {
  /** Hosts on which `kubeadm init` was started, once for each start. */
  readonly inits: readonly string[];
  /** How many Kubernetes clusters have a running etcd. */
  readonly clusters: number;
  readonly members: readonly { readonly name: string; readonly learner: boolean }[];
  readonly nodes: readonly {
    readonly name: string;
    readonly ready: boolean;
    readonly controlPlane: boolean;
  }[];
  /** Control planes that joined while another one did. */
  readonly overlappingJoins: readonly string[];
  readonly tokens: readonly string[];
  /** Files with a token in them. */
  readonly secrets: readonly string[];
  /** By host: the addresses its HAProxy runs with and those in its file. */
  readonly balancers: Readonly<Record<string, readonly (readonly string[])[]>>;
  /** By host: the gateway to each pod network. */
  readonly routes: Readonly<Record<string, readonly string[]>>;
  /** What the log says of operations that are not done, and of keys on their way. */
  readonly unfinished: readonly string[];
}

export function factsOf(fleet: Fleet): ClusterFacts {
  const { world } = fleet;
  const log = logOf(fleet);
  const hosts = [...world.state.hosts.values()].sort(byName);
  const living = new Set(hosts.flatMap(({ runtime }) => runtime?.etcd?.clusterId ?? []));
  const clusters = [...world.state.clusters.values()].filter(({ id }) => living.has(id));
  const tokens = clusters.flatMap((cluster) => [...cluster.tokens.values()]);
  return {
    inits: startsOf(world.state.journal, INIT),
    clusters: clusters.length,
    members: clusters
      .flatMap(({ etcd }) => etcd.members.map(({ name, learner }) => ({ name, learner })))
      .sort(byName),
    nodes: clusters
      .flatMap(({ nodes }) => [...nodes.values()])
      .map(({ name, ready, controlPlane }) => ({ name, ready, controlPlane }))
      .sort(byName),
    overlappingJoins: overlappingJoins(world.state.journal),
    tokens: tokens.map(({ id, description }) => `${id} ${description}`),
    secrets: hosts.flatMap(({ name, disk }) =>
      [KUBEADM_CONFIG_FILE, DISCOVERY_FILE]
        .filter((path) => disk.files.has(path))
        .map((path) => `${name}:${path}`),
    ),
    balancers: Object.fromEntries(
      hosts.map(({ name, runtime, disk }) => [
        name,
        [runtime?.balancer, disk.balancerServers].map(
          (servers) => servers?.map(({ address }) => address).sort() ?? [],
        ),
      ]),
    ),
    routes: Object.fromEntries(
      hosts.map(({ name, runtime }) => [
        name,
        (runtime?.routes ?? []).map(({ podCidr, via }) => `${podCidr} via ${via}`).sort(),
      ]),
    ),
    unfinished: [...unfinishedOperations(log), ...log.list('handover').map(({ key }) => key)],
  };
}

/** The facts of a cluster that these machines make whole, given which roles the log gave them. */
export function wholeFacts(fleet: Fleet, all = fleet.machines): ClusterFacts {
  const { world } = fleet;
  const log = logOf(fleet);
  const machines = all.map((machine) => {
    const { nodeId, addresses } = machine.node();
    const role = log.get('assignment', nodeId)?.value.role;
    return { name: machine.hostname, address: addresses[0] ?? '', role };
  });
  machines.sort(byName);
  const serving = machines.filter(({ role }) => role !== 'spare').sort(byName);
  const controlPlanes = serving.filter(({ role }) => role === 'control-plane');
  const served = controlPlanes.map(({ address }) => address).sort();
  const networks = podNetworks(world);
  const routesOf = (machine: (typeof machines)[number]) =>
    serving
      .filter((other) => serving.includes(machine) && other !== machine)
      .map((other) => `${networks.get(other.name)} via ${other.address}`)
      .sort();
  return {
    inits: startsOf(world.state.journal, INIT).slice(0, 1),
    clusters: 1,
    members: controlPlanes.map(({ name }) => ({ name, learner: false })),
    nodes: serving.map((machine) => {
      return { name: machine.name, ready: true, controlPlane: controlPlanes.includes(machine) };
    }),
    overlappingJoins: [],
    tokens: [],
    secrets: [],
    balancers: Object.fromEntries(machines.map(({ name }) => [name, [served, served]])),
    routes: Object.fromEntries(machines.map((machine) => [machine.name, routesOf(machine)])),
    unfinished: [],
  };
}

/** Hosts on which a command was started, once for each start. */
export function startsOf(journal: readonly JournalEntry[], command: RegExp): readonly string[] {
  return journal
    .filter(({ event, detail }) => event === 'operation.started' && command.test(detail))
    .map(({ host }) => host);
}

function overlappingJoins(journal: readonly JournalEntry[]): readonly string[] {
  const joining = new Set<string>();
  const overlapping: string[] = [];
  for (const { atMs, host, event, detail } of journal) {
    if (event === 'power.cut') joining.delete(host);
    if (!CONTROL_PLANE_JOIN.test(detail)) continue;
    if (event === 'operation.ended') joining.delete(host);
    if (event !== 'operation.started') continue;
    if (joining.size > 0) overlapping.push(`${atMs}: ${host} while ${[...joining].join(', ')}`);
    joining.add(host);
  }
  return overlapping;
}

function unfinishedOperations(log: StoreHandle): readonly string[] {
  return log.list('operation').flatMap(({ key, value }) => {
    const state = readProgress(value.snapshot)?.state;
    return state === 'succeeded' ? [] : [`${key} ${state}`];
  });
}

function podNetworks(world: World): ReadonlyMap<string, string | null> {
  const nodes = [...world.state.clusters.values()].flatMap((each) => [...each.nodes.values()]);
  return new Map(nodes.map(({ name, podCidr }) => [name, podCidr]));
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}
