import type { Ports } from '../ports/index.ts';

const NAMESPACE = 'kube-system';
const DAEMON_SET = 'kube-proxy';

/**
 * Ends kube-proxy on this host, which reads its ConfigMap and the addresses of its Node when its pod starts;
 * the DaemonSet makes another. Rules that it set stay meanwhile. A kubelet's own credentials allow it for
 * pods of its host.
 */
export async function restartKubeProxy({ kube, self }: Ports): Promise<void> {
  const pods = await kube.podsOn(self.record.hostname);
  for (const pod of pods) {
    const isIt = pod.owner?.kind === 'DaemonSet' && pod.owner.name === DAEMON_SET;
    if (isIt && pod.namespace === NAMESPACE && !pod.terminating) await kube.evict(pod);
  }
}
