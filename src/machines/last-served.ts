import type { Entry } from '../state/kinds.ts';
import type { Node } from '../state/node.ts';
import { readProgress } from './operation-progress.ts';

type Life = Pick<Node, 'nodeId' | 'incarnation'>;
type Operations = readonly Entry<'operation'>[];

/** What a node was asked last to be, in this life of it; undefined where it was asked nothing yet. */
export function lastAsked(
  { nodeId, incarnation }: Life,
  operations: Operations,
): Entry<'operation'> | undefined {
  const own = operations.filter(({ value }) => {
    const isOwn = value.nodeId === nodeId && value.incarnation === incarnation;
    return isOwn && value.task !== 'retire';
  });
  return own.toSorted((a, b) => b.revision - a.revision)[0];
}

/**
 * The operation by which a node serves, in this life of it; undefined where it never did, and where it was
 * asked for another role later and does not serve in that: then it is neither of both.
 */
export function lastServed(life: Life, operations: Operations): Entry<'operation'> | undefined {
  const last = lastAsked(life, operations);
  return last && isOver(last.value.snapshot) ? last : undefined;
}

function isOver(snapshot: Entry<'operation'>['value']['snapshot']): boolean {
  return readProgress(snapshot)?.state === 'succeeded';
}
