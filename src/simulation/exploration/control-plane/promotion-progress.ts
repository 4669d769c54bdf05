import { mayAddLearner } from './cluster.ts';
import type { Phase } from './phase.ts';
import type { Place } from './place.ts';

/** Ends the unit of one phase: the next one is not started yet. */
function ended(phase: number): Partial<Place> {
  return { kubeadm: 'absent', phase };
}

const CERTIFICATES: Phase = { name: 'kubeadm writes certificates', change: ended(1) };
const KUBECONFIGS: Phase = { name: 'kubeadm writes kubeconfigs', change: ended(2) };
const ADDED: Phase = { name: 'kubeadm adds a learner to etcd', change: { member: 'learner' } };
const STARTED: Phase = {
  name: 'kubeadm starts etcd, and the learner is promoted',
  change: { ...ended(3), member: 'voter', etcdData: true },
};
const MANIFESTS: Phase = {
  name: 'kubeadm writes manifests of the control plane',
  change: { ...ended(4), manifests: true },
};
const MARKED: Phase = { name: 'kubeadm marks the Node', change: { ...ended(5), node: 'marked' } };
const UNITS = [CERTIFICATES, KUBECONFIGS, STARTED, MANIFESTS, MARKED];
const ETCD_JOIN = 2;

export const UNIT_COUNT = UNITS.length;

/** What the unit that runs does next; `phase` counts the units that ended well. */
export function nextOfPromotion(all: readonly Place[], place: Place): Phase | undefined {
  if (place.phase !== ETCD_JOIN || place.member !== 'none') return UNITS[place.phase];
  return mayAddLearner(all, place) ? ADDED : undefined;
}
