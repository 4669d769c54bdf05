import type { Observed } from '../../../controllers/kubeadm/observed.ts';
import { hostResidue } from '../../../state/host-residue.ts';
import type { KubernetesFacts } from '../../../state/kubernetes-facts.ts';
import { isHealthyVoter } from './cluster.ts';
import { KUBERNETES_VERSION } from './entries.ts';
import { listingOf } from './listing.ts';
import { type Asked, hasKubelet, hasManifests, type Place } from './place.ts';
import type { Surroundings } from './surroundings.ts';

/** Any wait for time may be over: what a decision does before that, it does by doing nothing. */
export const LONG_MS = 3_600_000;

/** How far the operation is that the marker names, if that is another one. */
export function formerOperation(place: Place, asked: Asked | null) {
  const { marker, recorded } = place;
  if (marker === null || marker === asked?.name) return 'none';
  const resets = place.reset === 'running' || place.reset === 'left';
  if (place.kubeadm === 'running' || resets) return 'running';
  const succeeded = recorded?.name === marker && recorded.progress.state === 'succeeded';
  return succeeded ? 'succeeded' : 'ended';
}

/** What kubeadm left, as far as it is in the way of what is asked. */
export function residueOf(place: Place, asked: Asked | null): readonly string[] {
  return hostResidue(listingOf(place), place.marker === asked?.name ? asked?.task : undefined);
}

/** What Kubernetes shows of itself on this host. */
export function factsOf(place: Place, around: Surroundings, asked: Asked | null): KubernetesFacts {
  const { etcdData, member, node: registration } = place;
  const manifests = hasManifests(place);
  const registered = hasKubelet(place);
  const { etcdHasQuorum, reachesOthers } = around;
  const apiServerReady = etcdHasQuorum && manifests && isHealthyVoter(place);
  const node = {
    ready: true,
    controlPlane: registration === 'marked',
    kubeletVersion: KUBERNETES_VERSION,
    podCidr: null,
  };
  const known = registration === 'none' ? 'absent' : node;
  const seen = apiServerReady || reachesOthers ? known : 'unknown';
  const votes = etcdHasQuorum && place.parked === 'none' ? member : 'unknown';
  return {
    node: registered ? seen : 'absent',
    hostsControlPlane: manifests,
    apiServerReady,
    etcdMember: etcdData ? votes : 'none',
    initialised: asked?.task === 'init' && apiServerReady && registered,
  };
}

/** Of the attempt under way. */
export function commandOf(kubeadm: Place['kubeadm']): Observed['command'] {
  if (kubeadm === 'succeeded' || kubeadm === 'failed') {
    return { phase: 'ended', outcome: kubeadm, reason: kubeadm };
  }
  return { phase: kubeadm };
}

/** Of the reset after that attempt. */
export function resetOf({ reset }: Place): Observed['reset'] {
  if (reset === 'absent') return { phase: 'absent' };
  if (reset === 'ended') return { phase: 'ended', outcome: 'succeeded', reason: '' };
  return { phase: 'running' };
}
