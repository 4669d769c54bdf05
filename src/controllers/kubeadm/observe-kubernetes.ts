import type { Ports } from '../../ports/index.ts';
import { isUnanswered } from '../../runtime/unanswered.ts';
import { isPeerAt } from '../../state/etcd-peer.ts';
import type { HostListing } from '../../state/host-residue.ts';
import type { KubernetesFacts } from '../../state/kubernetes-facts.ts';

const ETCD_MANIFEST = 'etcd.yaml';

/** Asks only whom the files on the host say to be there; `asksInit` while an init is to be proven. */
export async function observeKubernetes(
  ports: Ports,
  listing: HostListing,
  asksInit: boolean,
): Promise<KubernetesFacts> {
  const { kube, self } = ports;
  const registers = listing.kubernetes.includes('kubelet.conf');
  const hostsControlPlane = listing.manifests.includes('kube-apiserver.yaml');
  const apiServerReady = hostsControlPlane && (await kube.localApiServerReady());
  return {
    node: registers ? await answer(kube.ownNode(self.record.hostname), 'absent') : 'absent',
    hostsControlPlane,
    apiServerReady,
    etcdMember: await observeMember(ports, listing),
    initialised: asksInit && apiServerReady && (await answer(kube.initialised(), false)) === true,
  };
}

async function observeMember(
  { etcd, self }: Ports,
  { manifests, parked }: HostListing,
): Promise<KubernetesFacts['etcdMember']> {
  // The others may count on its vote, and nothing on this host can ask them.
  if (parked.includes(ETCD_MANIFEST)) return 'unknown';
  if (!manifests.includes(ETCD_MANIFEST)) return 'none';
  const members = await answer(etcd.members(), []);
  if (members === 'unknown') return 'unknown';
  const own = members.find((member) => isPeerAt(member, self.record.addresses));
  if (!own) return 'none';
  return own.learner ? 'learner' : 'voter';
}

async function answer<T, N>(question: Promise<T | undefined>, none: N): Promise<T | N | 'unknown'> {
  try {
    return (await question) ?? none;
  } catch (error) {
    if (isUnanswered(error)) return 'unknown';
    throw error;
  }
}
