import type { Place } from '../../../src/simulation/exploration/control-plane/place.ts';
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

/** Two control planes that serve, a third one that is asked to join them, and a worker. */
export function thirdIsAsked(): ClusterStart {
  const asked = { task: 'join-control-plane', name: 'join-control-plane-@-1', term: 1 } as const;
  const start = changedAt(wholeCluster(4, 3), 2, enrolled(asked));
  return { ...start, sponsors: [-1, 0, 0, 0] };
}

/** A whole cluster that people asked one node to leave. */
export function askedToLeave(nodes: number, controlPlanes: number, leaver: number): ClusterStart {
  return changedAt(wholeCluster(nodes, controlPlanes), leaver, { leaving: true });
}

/** A whole cluster of three control planes, of which the first was asked to become a worker. */
export function firstIsDemoted(): ClusterStart {
  const asked = { task: 'demote', name: 'demote-@-1', term: 1 } as const;
  const start = changedAt(wholeCluster(3, 3), 0, { asked });
  return { ...start, sponsors: [1, -1, -1] };
}

function changedAt(start: ClusterStart, at: number, change: Partial<Place>): ClusterStart {
  const places = start.places.map((place, index) =>
    index === at ? { ...place, ...change } : place,
  );
  return { ...start, places };
}
