import type { HostListing } from '../../../state/host-residue.ts';
import { hasKubelet, hasManifests, type Place } from './place.ts';

/** One file of each kind stands for all. */
export function listingOf(place: Place): HostListing {
  const { keys, manifests, registered, etcdData } = place;
  const kubelet = registered ? ['kubelet.conf'] : [];
  const staticPods = manifests ? ['kube-apiserver.yaml'] : [];
  return {
    kubernetes: [
      ...(hasManifests(place) ? ['admin.conf'] : []),
      ...(hasKubelet(place) ? kubelet : []),
    ],
    manifests: hasManifests(place) ? staticPods : [],
    pki: keys ? ['ca.crt'] : [],
    etcd: etcdData ? ['member'] : [],
    parked: [...(hasKubelet(place) ? [] : kubelet), ...(hasManifests(place) ? [] : staticPods)],
  };
}
