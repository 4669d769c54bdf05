import { hasQuorum, mayAddLearner, mayLeaveEtcd, servesApi } from './cluster.ts';
import { isInPlace } from './in-place.ts';
import type { Phase } from './phase.ts';
import { isUp, type Place } from './place.ts';
import { nextOfPromotion } from './promotion-progress.ts';

/**
 * The next phase of `kubeadm init`, `join` or `reset` on the host at `index`; undefined where the
 * command waits for others. Phases are those after which a dead command leaves something else behind.
 */
export function nextPhase(all: readonly Place[], index: number): Phase | undefined {
  const place = all[index];
  if (!place || !isUp(place)) return undefined;
  if (place.reset === 'running' || place.reset === 'left') return nextOfReset(all, index, place);
  if (place.kubeadm !== 'running') return undefined;
  const task = place.recorded?.task;
  if (task === 'init') return INIT[place.phase];
  const reachesApi = all.some((_, other) => other !== index && answersAt(all, other));
  if (!reachesApi) return undefined;
  if (task === 'join-worker') return JOINED;
  return isInPlace(place) ? nextOfPromotion(all, place) : nextOfJoin(all, place);
}

const JOINED: Phase = {
  name: 'kubeadm join registers the Node and ends',
  change: { keys: true, registered: true, node: 'plain', kubeadm: 'succeeded', phase: 0 },
};

const INIT: readonly Phase[] = [
  {
    name: 'kubeadm init writes keys and manifests',
    change: { keys: true, manifests: true, phase: 1 },
  },
  {
    name: 'kubeadm init starts etcd with its first voter',
    change: { member: 'voter', etcdData: true, phase: 2 },
  },
  {
    name: 'kubeadm init registers the Node and ends',
    change: { registered: true, node: 'marked', kubeadm: 'succeeded', phase: 0 },
  },
];

function answersAt(all: readonly Place[], index: number): boolean {
  const place = all[index];
  return place !== undefined && servesApi(place, hasQuorum(all));
}

function nextOfJoin(all: readonly Place[], place: Place): Phase | undefined {
  switch (place.phase) {
    case 0:
      return {
        name: 'kubeadm join writes manifests of the control plane',
        change: { manifests: true, phase: 1 },
      };
    case 1:
      return mayAddLearner(all, place)
        ? {
            name: 'kubeadm join adds a learner to etcd',
            change: { member: place.member === 'none' ? 'learner' : place.member, phase: 2 },
          }
        : undefined;
    case 2:
      return {
        name: 'kubeadm join starts etcd, and the learner is promoted',
        change: { member: 'voter', etcdData: true, phase: 3 },
      };
    default:
      return {
        name: 'kubeadm join registers the Node as control plane and ends',
        change: { registered: true, node: 'marked', kubeadm: 'succeeded', phase: 0 },
      };
  }
}

/**
 * The data goes whether or not the member could be removed: kubeadm only warns. What was parked it
 * does not know of, and by the manifest alone it finds the data.
 */
function nextOfReset(all: readonly Place[], index: number, place: Place): Phase {
  if (place.parked !== 'none')
    return { name: 'kubeadm reset ends', change: { keys: false, reset: 'ended' } };
  if (place.reset === 'running' && (place.member !== 'none' || place.etcdData)) {
    const isRemoved = canRemove(all, index, place);
    return {
      name: isRemoved
        ? 'kubeadm reset removes its member and data of etcd'
        : 'kubeadm reset wipes the data of etcd, but can not remove the member',
      change: { reset: 'left', etcdData: false, ...(isRemoved ? { member: 'none' } : {}) },
    };
  }
  const name = 'kubeadm reset empties the host and ends';
  const files = { keys: false, manifests: false, registered: false };
  return { name, change: { ...files, reset: 'ended' } };
}

/** kubeadm looks for the member of a registered Node only, and asks the API server for it. */
function canRemove(all: readonly Place[], index: number, place: Place): boolean {
  // Whoever leaves is reset without that phase.
  if (place.asked?.task === 'retire') return place.member === 'none';
  const others = all.filter((_, other) => other !== index);
  if (others.every(({ member }) => member === 'none')) return true;
  const answers = all.some((_, other) => answersAt(all, other));
  return answers && place.manifests && place.registered && mayLeaveEtcd(all, index);
}
