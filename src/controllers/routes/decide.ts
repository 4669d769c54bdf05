import type { PodNetworkView, Route } from '../../ports/pod-network.ts';
import type { ClusterSpec } from '../../state/cluster-spec.ts';
import { networksOverlap, parseIpv4Network } from '../../state/ipv4-network.ts';
import type { Node } from '../../state/node.ts';
import type { NodeId } from '../../state/node-id.ts';
import type { Requeue } from '../../state/requeue.ts';
import type { Status } from '../../state/status.ts';

const LOOK_AGAIN_MS = 5_000;
/** Names in a sentence before it becomes a list nobody reads. */
const MAX_NAMES = 5;

export interface Observed {
  readonly self: NodeId;
  /** Whether what the local copy of the log lacks is known to be gone. */
  readonly settled: boolean;
  /** Undefined while the local copy has none. */
  readonly network: ClusterSpec['network'] | undefined;
  readonly nodes: readonly Node[];
  readonly statuses: readonly Status[];
  readonly host: PodNetworkView;
}

export type Action =
  | { readonly type: 'install-cni'; readonly podCidr: string }
  | { readonly type: 'masquerade'; readonly podSubnet: string }
  | { readonly type: 'add-route'; readonly route: Route }
  | { readonly type: 'remove-route'; readonly route: Route };

/** Another node with a pod network. */
interface Peer extends Route {
  readonly hostname: string;
}

export function decide(observed: Observed): readonly (Action | Requeue)[] {
  const { network, self } = observed;
  const ownPodCidr = podCidrOf(self, observed);
  if (network?.plugin !== 'host-gateway' || ownPodCidr === undefined) return [];

  const peers = peersOf(observed);
  const reachable = peers.filter(({ via }) => isInNetwork(via, observed.host.linkNetworks));
  const foreign = peers.filter((peer) => !reachable.includes(peer));
  return [
    ...hostSetup(ownPodCidr, network.podSubnet, observed),
    ...routeChanges(reachable, observed),
    ...(foreign.length === 0 ? [] : [waitForOneNetwork(foreign)]),
  ];
}

/** The pod network that a node's present incarnation reports. */
function podCidrOf(nodeId: NodeId, { nodes, statuses }: Observed): string | undefined {
  const node = nodes.find((candidate) => candidate.nodeId === nodeId);
  const status = statuses.find((candidate) => candidate.nodeId === nodeId);
  if (status === undefined || status.incarnation !== node?.incarnation) return undefined;
  return status.kubernetes.podCidr ?? undefined;
}

function peersOf(observed: Observed): readonly Peer[] {
  return observed.nodes
    .filter(({ nodeId }) => nodeId !== observed.self)
    .flatMap(({ nodeId, hostname, addresses: [via] }) => {
      const podCidr = podCidrOf(nodeId, observed);
      return podCidr === undefined || via === undefined ? [] : [{ hostname, podCidr, via }];
    });
}

// Pod networks are IPv4, so a node without an IPv4 address is on none of them.
function isInNetwork(address: string, networks: readonly string[]): boolean {
  const host = parseIpv4Network(`${address}/32`);
  return networks
    .map(parseIpv4Network)
    .some((network) => host && network && networksOverlap(host, network));
}

function hostSetup(ownPodCidr: string, podSubnet: string, { host }: Observed): readonly Action[] {
  const actions: Action[] = [];
  if (host.cniPodCidr !== ownPodCidr) actions.push({ type: 'install-cni', podCidr: ownPodCidr });
  if (host.masqueradeFor !== podSubnet) actions.push({ type: 'masquerade', podSubnet });
  return actions;
}

/**
 * An unsettled copy may lack the newest nodes or name a former address: until it is settled,
 * routes are only added where there is none.
 */
function routeChanges(
  peers: readonly Peer[],
  { host: { routes }, settled }: Observed,
): readonly Action[] {
  const wanted = peers.map(({ podCidr, via }): Route => ({ podCidr, via }));
  const missing = wanted.filter((route) => !includes(routes, route));
  const surplus = routes.filter((route) => !includes(wanted, route));
  const add = (route: Route): Action => ({ type: 'add-route', route });
  if (!settled) {
    const isFree = ({ podCidr }: Route) => routes.every((route) => route.podCidr !== podCidr);
    return missing.filter(isFree).map(add);
  }
  // The kernel refuses a second route to one network, so the old one goes first.
  return [
    ...surplus.map((route): Action => ({ type: 'remove-route', route })),
    ...missing.map(add),
  ];
}

function includes(routes: readonly Route[], { podCidr, via }: Route): boolean {
  return routes.some((route) => route.podCidr === podCidr && route.via === via);
}

function waitForOneNetwork(foreign: readonly Peer[]): Requeue {
  const names = foreign.slice(0, MAX_NAMES).map(({ hostname, via }) => `${hostname} (${via})`);
  const more = foreign.length > MAX_NAMES ? ` and ${foreign.length - MAX_NAMES} more` : '';
  const verb = foreign.length === 1 ? 'is' : 'are';
  const message =
    `${names.join(', ')}${more} ${verb} not on a network of this host; plugin host-gateway needs ` +
    'one L2 network: move them there, or found the cluster with network.plugin none and install a CNI plugin';
  return {
    type: 'requeue',
    afterMs: LOOK_AGAIN_MS,
    waiting: { reason: 'not-one-network', message },
  };
}
