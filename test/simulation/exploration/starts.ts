import {
  type ClusterStart,
  enrolled,
  wholeCluster,
} from '../../../src/simulation/exploration/control-plane/start.ts';

/** One control plane that serves, and machines that wait for a role. */
export function oneAndWaiting(nodes: number): ClusterStart {
  const waiting = Array.from({ length: nodes - 1 }, () => enrolled());
  return {
    places: [...wholeCluster(1, 1).places, ...waiting],
    sponsors: Array.from({ length: nodes }, () => -1),
    term: 1,
  };
}
