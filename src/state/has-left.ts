import type { NodeFacts } from './node-facts.ts';
import type { Status } from './status.ts';

/** Phases of a host that has nothing of Kubernetes. */
const CLEAN: readonly (Status['phase'] | undefined)[] = [
  'spare',
  'waiting',
  'preparing',
  undefined,
];

type Place = Pick<NodeFacts, 'assignment' | 'departed'>;

/** Whether the cluster has nothing of a node: its place was taken away, or it never had one. */
export function hasNoPlace({ assignment, departed }: Place): boolean {
  const task = assignment?.value.task;
  return task === undefined || task === 'stand-by' || (task === 'retire' && departed);
}

/**
 * Whether people asked a node to leave and it did: the cluster has nothing of it, and neither has its host,
 * as far as anybody knows.
 */
export function hasLeft(
  facts: Place & Pick<NodeFacts, 'leaving' | 'status' | 'liveness'>,
): boolean {
  if (!facts.leaving || !hasNoPlace(facts)) return false;
  return facts.liveness?.verdict === 'dead' || CLEAN.includes(facts.status?.phase);
}
