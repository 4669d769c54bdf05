import type { Entry } from '../state/kinds.ts';
import type { Node } from '../state/node.ts';
import { readProgress } from './operation-progress.ts';

/**
 * The operation by which a node serves, in this life of it; undefined where it never did, and where it was
 * asked for another role later and does not serve in that: then it is neither of both.
 */
export function lastServed(
  { nodeId, incarnation }: Pick<Node, 'nodeId' | 'incarnation'>,
  operations: readonly Entry<'operation'>[],
): Entry<'operation'> | undefined {
  const own = operations.filter(({ value }) => {
    const isOwn = value.nodeId === nodeId && value.incarnation === incarnation;
    return isOwn && value.task !== 'retire';
  });
  const [last] = own.toSorted((a, b) => b.revision - a.revision);
  return last && isOver(last.value.snapshot) ? last : undefined;
}

function isOver(snapshot: Entry<'operation'>['value']['snapshot']): boolean {
  return readProgress(snapshot)?.state === 'succeeded';
}
