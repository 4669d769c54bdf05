import { FIRST_PROGRESS } from '../../../machines/operation-progress.ts';
import type { Task } from '../../../state/assignment.ts';
import { roleOf } from './entries.ts';
import { NEW_PLACE, type Place } from './place.ts';

/** A cluster to begin with. */
export interface ClusterStart {
  readonly places: readonly Place[];
  /** Who hands over to whom, both by index; -1 for nobody. */
  readonly sponsors: readonly number[];
  /** Of the leader, or of the last one there was. */
  readonly term: number;
}

/** Machines that were never started; genesis chose the first one. */
export function emptyMachines(nodes: number): ClusterStart {
  const places = Array.from({ length: nodes }, (_, index) => {
    return { ...NEW_PLACE, chosen: index === 0 };
  });
  return { places, sponsors: places.map(() => -1), term: 0 };
}

/** A cluster that the first leader of all brought up, and that nothing happened to since. */
export function wholeCluster(nodes: number, controlPlanes: number): ClusterStart {
  const places = Array.from({ length: nodes }, (_, index) => {
    if (index === 0) return { ...serving('init'), leads: true, ranInit: true };
    return serving(index < controlPlanes ? 'join-control-plane' : 'join-worker');
  });
  return { places, sponsors: places.map((_, index) => (index === 0 ? -1 : 0)), term: 1 };
}

/** A machine that has enrolled and is found alive; `asked` is what it was given and has not begun. */
export function enrolled(asked: Place['asked'] = null): Place {
  return {
    ...NEW_PLACE,
    enrolled: true,
    verdict: 'alive',
    asked,
    said: {
      phase: 'waiting',
      name: null,
      reason: 'assignment',
      nodeReady: false,
      apiServerReady: false,
      etcdMember: 'none',
    },
  };
}

function serving(task: Task): Place {
  const isControlPlane = roleOf(task) === 'control-plane';
  const name = task === 'init' ? task : `${task}-@-1`;
  const etcdMember = isControlPlane ? 'voter' : 'none';
  return {
    ...enrolled({ task, name, term: 1 }),
    obeyedTerm: 1,
    highestTerm: 1,
    marker: name,
    keys: true,
    manifests: isControlPlane,
    etcdData: isControlPlane,
    registered: true,
    node: isControlPlane ? 'marked' : 'plain',
    member: etcdMember,
    started: 1,
    recorded: {
      name,
      task,
      progress: { ...FIRST_PROGRESS, state: 'succeeded', outcome: 'succeeded' },
    },
    said: {
      phase: 'serving',
      name,
      reason: null,
      nodeReady: true,
      apiServerReady: isControlPlane,
      etcdMember,
    },
  };
}
