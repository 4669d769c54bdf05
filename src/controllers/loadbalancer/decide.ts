import type { BalancerServer } from '../../ports/balancer.ts';
import type { Assignment } from '../../state/assignment.ts';
import type { Node } from '../../state/node.ts';
import type { NodeId } from '../../state/node-id.ts';
import { isRestarting, type Order } from '../../state/order.ts';
import { sameValue } from '../../state/same-value.ts';
import type { Status } from '../../state/status.ts';

/** Where kubeadm binds the API server (`localAPIEndpoint.bindPort`). */
const API_SERVER_PORT = 6_443;

export interface Observed {
  readonly self: NodeId;
  /** Whether what the local copy of the log lacks is known to be gone. */
  readonly settled: boolean;
  readonly nodes: readonly Node[];
  readonly assignments: readonly Assignment[];
  readonly statuses: readonly Status[];
  /** Absent: none. */
  readonly orders?: readonly Order[];
  readonly running: boolean;
  /** Of the running process, and of the file it starts from; both may be of an earlier pass. */
  readonly servers: readonly BalancerServer[];
  readonly fileServers: readonly BalancerServer[];
}

export type Action =
  | { readonly type: 'install'; readonly servers: readonly BalancerServer[] }
  | { readonly type: 'add-server'; readonly server: BalancerServer }
  | { readonly type: 'remove-server'; readonly name: NodeId }
  | { readonly type: 'write-file'; readonly servers: readonly BalancerServer[] };

export function decide(observed: Observed): readonly Action[] {
  const wanted = wantedServers(observed);
  if (!observed.running) return wanted.length === 0 ? [] : [{ type: 'install', servers: wanted }];

  const changes = serverChanges(wanted, observed.servers.map(plain));
  const file = observed.fileServers.map(plain).toSorted(byName);
  if (sameValue(file, wanted)) return changes;
  return [...changes, { type: 'write-file', servers: wanted }];
}

/**
 * The servers there should be, by name. A control plane comes in when it serves, this node's own
 * at once (its health check keeps it out of use until it is ready), and goes out only when the log
 * says that it is no control plane any more: whether an API server answers is for the health check.
 * One that is about to be stopped for an order is left out while others are there, so that no request
 * is under way with it then.
 */
function wantedServers(observed: Observed): readonly BalancerServer[] {
  const { settled, assignments } = observed;
  const listed = listedServers(observed);
  const controlPlanes = assignments.filter(({ role }) => role === 'control-plane');
  const isControlPlane = (name: NodeId) => controlPlanes.some(({ nodeId }) => nodeId === name);

  const known = controlPlanes
    .filter(({ nodeId }) => listed.has(nodeId) || takesRequests(nodeId, observed))
    .flatMap(({ nodeId }) => serverOf(nodeId, observed) ?? listed.get(nodeId) ?? []);
  const unknown = settled ? [] : [...listed.values()].filter(({ name }) => !isControlPlane(name));
  const listable = [...known, ...unknown];
  const staying = listable.filter(({ name }) => !isDisturbed(name, observed));
  const wanted = staying.length === 0 ? listable : staying;

  // A balancer without any server cuts the node off from the cluster for good.
  return (wanted.length === 0 ? [...listed.values()] : wanted).toSorted(byName);
}

function isDisturbed(name: NodeId, { orders = [], nodes }: Observed): boolean {
  const order = orders.find(({ nodeId }) => nodeId === name);
  const incarnation = nodes.find(({ nodeId }) => nodeId === name)?.incarnation;
  return order !== undefined && order.incarnation === incarnation && isRestarting(order);
}

function listedServers({ servers, fileServers }: Observed): ReadonlyMap<NodeId, BalancerServer> {
  return new Map([...fileServers, ...servers].map((server) => [server.name, plain(server)]));
}

function takesRequests(nodeId: NodeId, { self, nodes, statuses }: Observed): boolean {
  if (nodeId === self) return true;
  const node = nodes.find((candidate) => candidate.nodeId === nodeId);
  const status = statuses.find((candidate) => candidate.nodeId === nodeId);
  if (status === undefined || status.incarnation !== node?.incarnation) return false;
  return status.phase === 'serving' || status.kubernetes.apiServerReady;
}

function serverOf(name: NodeId, { nodes, self }: Observed): BalancerServer | undefined {
  const address = nodes.find(({ nodeId }) => nodeId === name)?.addresses[0];
  if (address === undefined) return undefined;
  return { name, address, port: API_SERVER_PORT, preferred: name === self };
}

/** New servers come first, so that there is always one to take what a removed one had. */
function serverChanges(
  wanted: readonly BalancerServer[],
  running: readonly BalancerServer[],
): readonly Action[] {
  const added = wanted.filter(({ name }) => running.every((server) => server.name !== name));
  const changed = wanted.filter((server) =>
    running.some((present) => present.name === server.name && !sameValue(present, server)),
  );
  const removed = running.filter(({ name }) => wanted.every((server) => server.name !== name));

  return [
    ...added.map((server): Action => ({ type: 'add-server', server })),
    ...changed.flatMap((server): readonly Action[] => [
      { type: 'remove-server', name: server.name },
      { type: 'add-server', server },
    ]),
    ...removed.map(({ name }): Action => ({ type: 'remove-server', name })),
  ];
}

/** Without what only the process knows, such as health. */
function plain({ name, address, port, preferred }: BalancerServer): BalancerServer {
  return { name, address, port, preferred };
}

function byName(left: BalancerServer, right: BalancerServer): number {
  return left.name < right.name ? -1 : 1;
}
