import type { LogConnection } from '../ports/log-connection.ts';
import { type Replicas, runningReplicas } from '../state/replicas.ts';

/** Tells a connection where the replicas are, whenever that changed; it begins with those of genesis. */
export function replicaFollower(
  connection: Pick<LogConnection, 'follow'>,
): (replicas: Replicas) => void {
  let followed = 0;
  return (replicas) => {
    if (replicas.generation === followed) return;
    followed = replicas.generation;
    connection.follow(runningReplicas(replicas));
  };
}
