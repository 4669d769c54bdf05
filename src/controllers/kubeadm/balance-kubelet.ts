import type { Ports } from '../../ports/index.ts';
import { KUBELET_CONF_FILE } from '../../state/kubernetes-paths.ts';
import { LOCAL_API_ENDPOINT } from '../../state/local-api-endpoint.ts';

const SECRET = 0o600;
const SERVER = /^(\s*server:\s*)\S+\s*$/m;
const BALANCED = `https://${LOCAL_API_ENDPOINT}`;

/** Whether a kubeconfig leads to the load balancer of its host. */
export function isBalanced(kubeconfig: string): boolean {
  return SERVER.exec(kubeconfig)?.[0].trim() === `server: ${BALANCED}`;
}

/**
 * Points the kubelet of this host at its load balancer. The kubelet reads its kubeconfig when it
 * starts, so it is restarted also where the file says so already: a crash may have come in between.
 */
export async function balanceKubelet({
  files,
  host,
}: Pick<Ports, 'files' | 'host'>): Promise<void> {
  const kubeconfig = (await files.read(KUBELET_CONF_FILE)) ?? '';
  if (!isBalanced(kubeconfig)) {
    const balanced = kubeconfig.replace(SERVER, `$1${BALANCED}`);
    await files.write(KUBELET_CONF_FILE, balanced, SECRET);
  }
  await host.restartKubelet();
}
