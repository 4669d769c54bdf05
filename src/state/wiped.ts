import type { Node } from './node.ts';
import type { LogEntries } from './node-facts.ts';
import type { NodeId } from './node-id.ts';

/**
 * Nodes that are gone for good, each with the node that its machine is now: that one has the same host
 * name and the same machine id or first address, enrolled later, and the old one was judged dead, so the
 * two are no clones. A system that is installed anew has another machine id.
 */
export function wipedBy({
  nodes,
  livenesses,
}: Pick<LogEntries, 'nodes' | 'livenesses'>): ReadonlyMap<NodeId, NodeId> {
  const verdicts = new Map(livenesses.map(({ value }) => [value.nodeId, value]));
  return new Map(
    nodes.flatMap((old): [NodeId, NodeId][] => {
      const { nodeId, incarnation } = old.value;
      const verdict = verdicts.get(nodeId);
      if (verdict?.verdict !== 'dead' || verdict.incarnation !== incarnation) return [];
      const successor = nodes.find(
        ({ value, revision }) => revision > old.revision && isSameMachine(value, old.value),
      );
      return successor ? [[nodeId, successor.value.nodeId]] : [];
    }),
  );
}

/** The first address is where its kubelet and its member of etcd were, so both can not live elsewhere. */
export function isInPlaceOf(newcomer: Node, old: Node): boolean {
  return newcomer.hostname === old.hostname && newcomer.addresses[0] === old.addresses[0];
}

function isSameMachine(newcomer: Node, old: Node): boolean {
  const hasItsId = newcomer.machineIdHash === old.machineIdHash;
  return isInPlaceOf(newcomer, old) || (hasItsId && newcomer.hostname === old.hostname);
}
