import type { Assignment } from './assignment.ts';
import type { ClusterSpec } from './cluster-spec.ts';

export type Retry = ClusterSpec['replacement']['retry'];

/** Of whatever the spec says nothing of: founding the cluster, and what takes a host out of it. */
export const USUAL_RETRY: Retry = { attempts: 5, afterSeconds: 5 };

const JOINS: readonly Assignment['task'][] = ['join-control-plane', 'join-worker'];

/** How often a task is tried on one host. Only for a join there is another host that could take the place. */
export function retryOf(
  task: Assignment['task'] | undefined,
  spec: Pick<ClusterSpec, 'replacement'> | undefined,
): Retry {
  const isJoin = task !== undefined && JOINS.includes(task);
  return (isJoin && spec?.replacement.retry) || USUAL_RETRY;
}

/** From that failure to the next attempt. */
export function backOffMs({ afterSeconds }: Retry, failures: number): number {
  return afterSeconds * 1_000 * 2 ** (failures - 1);
}
