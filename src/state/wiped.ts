import type { LogEntries } from './node-facts.ts';
import type { NodeId } from './node-id.ts';

/**
 * Nodes that are gone for good, each with the node that its machine is now: that one has the same host
 * name and machine id, enrolled later, and the old one was judged dead, so the two are no clones.
 */
export function wipedBy({
  nodes,
  livenesses,
}: Pick<LogEntries, 'nodes' | 'livenesses'>): ReadonlyMap<NodeId, NodeId> {
  const verdicts = new Map(livenesses.map(({ value }) => [value.nodeId, value]));
  return new Map(
    nodes.flatMap((old): [NodeId, NodeId][] => {
      const { nodeId, incarnation, hostname, machineIdHash } = old.value;
      const verdict = verdicts.get(nodeId);
      if (verdict?.verdict !== 'dead' || verdict.incarnation !== incarnation) return [];
      const successor = nodes.find(
        ({ value, revision }) =>
          revision > old.revision &&
          value.hostname === hostname &&
          value.machineIdHash === machineIdHash,
      );
      return successor ? [[nodeId, successor.value.nodeId]] : [];
    }),
  );
}
