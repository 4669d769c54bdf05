import type { Node } from './node.ts';
import type { NodeId } from './node-id.ts';

/** So many others watch each node: enough that two of them live, few enough for a large cluster. */
const WATCHERS = 4;
/** So that a rack without power costs no more. */
const MAX_KEPT = 12;

interface Cluster {
  readonly self: NodeId;
  readonly nodes: readonly Node[];
  /** Those the log calls dead. */
  readonly dead: ReadonlySet<NodeId>;
  /** Those that this agent asked before: in vain, or although they are called dead. */
  readonly kept: ReadonlySet<NodeId>;
}

/**
 * Whom this agent asks: the next ones on the ring of all nodes in order of their ids, which are
 * random; the dead are stepped over, so that everybody has as many living watchers as there are. And
 * those it missed before, dead or not, to see them come back.
 */
export function probeTargets({ self, nodes, dead, kept }: Cluster): readonly Node[] {
  const ring = nodes
    .filter(({ nodeId }) => nodeId !== self && !dead.has(nodeId))
    .toSorted((a, b) => comesFirst(a.nodeId, b.nodeId));
  const after = ring.filter(({ nodeId }) => nodeId > self);
  const next = [...after, ...ring].slice(0, Math.min(WATCHERS, ring.length));
  const others = nodes.filter(({ nodeId }) => nodeId !== self && kept.has(nodeId));
  const also = others.filter((node) => !next.includes(node)).slice(0, MAX_KEPT);
  return [...next, ...also];
}

function comesFirst(a: NodeId, b: NodeId): number {
  return a < b ? -1 : 1;
}
