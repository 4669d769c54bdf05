import type { Store } from '../../ports/store.ts';
import type { Node } from '../../state/node.ts';
import type { NodeId } from '../../state/node-id.ts';
import type { Departing } from './observed.ts';

/**
 * Id of a node that was given a role under the name or an address of this one: what is found
 * there may be its own.
 */
export function successorOf({ nodeId, hostname, addresses }: Departing, store: Store) {
  const others = otherNodes(nodeId, store);
  const heirs = others.filter((node) => node.hostname === hostname || shares(node, addresses));
  const installed = new Set(
    store
      .list('assignment')
      .filter(({ value: { role } }) => role !== 'spare')
      .map(({ key }) => key),
  );
  return heirs.find((node) => installed.has(node.nodeId))?.nodeId;
}

/** Of all other nodes. */
export function addressesElsewhere({ nodeId }: Departing, store: Store): readonly string[] {
  return otherNodes(nodeId, store).flatMap(({ addresses }) => addresses);
}

function otherNodes(nodeId: NodeId, store: Store): readonly Node[] {
  const nodes = store.list('node').map(({ value }) => value);
  return nodes.filter((node) => node.nodeId !== nodeId);
}

function shares({ addresses }: Node, own: readonly string[]): boolean {
  return addresses.some((address) => own.includes(address));
}
