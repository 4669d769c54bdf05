import type { Observed } from '../../../controllers/kubeadm/observed.ts';
import { hostResidue } from '../../../state/host-residue.ts';
import type { KubernetesFacts } from '../../../state/kubernetes-facts.ts';
import { isHealthyVoter } from './cluster.ts';
import { KUBERNETES_VERSION } from './entries.ts';
import type { Asked, Place } from './place.ts';
import type { Surroundings } from './surroundings.ts';

/** How far the operation is that the marker names, if that is another one. */
export function formerOperation({ marker, recorded }: Place, asked: Asked | null) {
  if (marker === null || marker === asked?.name) return 'none';
  const succeeded = recorded?.name === marker && recorded.progress.state === 'succeeded';
  return succeeded ? 'succeeded' : 'ended';
}

/** What kubeadm left, as far as it is in the way of what is asked. */
export function residueOf(place: Place, asked: Asked | null): readonly string[] {
  const { keys, manifests, registered, etcdData, marker } = place;
  const listing = {
    kubernetes: [...(manifests ? ['admin.conf'] : []), ...(registered ? ['kubelet.conf'] : [])],
    manifests: manifests ? ['kube-apiserver.yaml'] : [],
    pki: keys ? ['ca.crt'] : [],
    etcd: etcdData ? ['member'] : [],
  };
  return hostResidue(listing, marker === asked?.name ? asked?.task : undefined);
}

/** What Kubernetes shows of itself on this host. */
export function factsOf(place: Place, around: Surroundings, asked: Asked | null): KubernetesFacts {
  const { manifests, etcdData, registered, member } = place;
  const { etcdHasQuorum, reachesOthers } = around;
  const apiServerReady = etcdHasQuorum && manifests && isHealthyVoter(place);
  const node = {
    ready: true,
    controlPlane: manifests,
    kubeletVersion: KUBERNETES_VERSION,
    podCidr: null,
  };
  const seen = apiServerReady || reachesOthers ? node : 'unknown';
  const votes = etcdHasQuorum ? member : 'unknown';
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
  if (kubeadm === 'absent' || kubeadm === 'running') return { phase: kubeadm };
  return { phase: 'ended', outcome: kubeadm, reason: kubeadm };
}

/** Of the reset after that attempt. */
export function resetOf({ reset }: Place): Observed['reset'] {
  if (reset === 'absent') return { phase: 'absent' };
  if (reset === 'ended') return { phase: 'ended', outcome: 'succeeded', reason: '' };
  return { phase: 'running' };
}
