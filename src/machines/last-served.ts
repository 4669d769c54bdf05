import type { Entry } from '../state/kinds.ts';
import type { Node } from '../state/node.ts';
import { readProgress } from './operation-progress.ts';

/** The operation by which a node last came to serve, in this life of it; undefined where it never did. */
export function lastServed(
  { nodeId, incarnation }: Pick<Node, 'nodeId' | 'incarnation'>,
  operations: readonly Entry<'operation'>[],
): Entry<'operation'> | undefined {
  const served = operations.filter(({ value }) => {
    const isOwn = value.nodeId === nodeId && value.incarnation === incarnation;
    return isOwn && value.task !== 'retire' && isOver(value.snapshot);
  });
  return served.toSorted((a, b) => b.revision - a.revision)[0];
}

function isOver(snapshot: Entry<'operation'>['value']['snapshot']): boolean {
  return readProgress(snapshot)?.state === 'succeeded';
}
