import { askApi } from '../api-access.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import { POLL } from '../timings.ts';
import { timeoutMs } from './configuration.ts';
import { KubeadmFailure } from './failure.ts';
import { adminKubeconfig } from './kubeconfig-files.ts';
import { type KubeadmRun, poll } from './run.ts';

/**
 * The cluster, as admin.conf reaches it: through the control plane endpoint, so through this host's
 * load balancer. Throws what kubeadm prints when it does not answer in time.
 */
export async function adminApi(run: KubeadmRun, doing: string): Promise<SimulatedCluster> {
  const kubeconfig = adminKubeconfig(run);
  const ask = () => askApi(run.world, run.host, kubeconfig);
  const limits = {
    everyMs: POLL.apiCallMs,
    timeoutMs: timeoutMs(timeoutsOf(run).kubernetesAPICall),
  };
  await poll(run, limits, () => ask().outcome === 'answered');
  const answer = ask();
  if (answer.outcome === 'answered') return answer.cluster;
  throw new KubeadmFailure(`${doing}: Post "${kubeconfig.server}/api?timeout=10s": ${answer.text}`);
}

/** The timeouts of the document that this command reads. */
export function timeoutsOf({ configuration }: KubeadmRun) {
  return (configuration.join ?? configuration.init).timeouts;
}

/** How long a control plane may take to start. */
export function controlPlaneTimeout(run: KubeadmRun): string {
  const { timeoutForControlPlane } = run.configuration.cluster.apiServer;
  return timeoutForControlPlane ?? timeoutsOf(run).controlPlaneComponentHealthCheck;
}
