import { RetryableError } from '../../errors.ts';
import type { HostFiles } from '../../ports/host-files.ts';
import { bootstrapKubeconfig } from '../../state/kubeadm/bootstrap-kubeconfig.ts';
import {
  BOOTSTRAP_KUBELET_CONF_FILE,
  CLUSTER_CA_FILE,
  KUBEADM_CONFIG_FILE,
  KUBELET_CONF_FILE,
} from '../../state/kubernetes-paths.ts';
import { bootstrapTokenOf } from './config/kubeadm-config.ts';

const SECRET = 0o600;

/**
 * Writes the kubelet's first credentials again, from what stands on the host since before kubeadm ran.
 * With them the kubelet starts, and starts etcd, also when the token is no longer good.
 */
export async function restoreBootstrap(files: HostFiles): Promise<void> {
  const token = bootstrapTokenOf((await files.read(KUBEADM_CONFIG_FILE)) ?? '');
  const caCertificate = await files.read(CLUSTER_CA_FILE);
  if (token === undefined || caCertificate === undefined) {
    throw new RetryableError(
      'kubeadm.bootstrap-lost',
      `the power failed before the kubelet's credentials were on disk, and ${KUBEADM_CONFIG_FILE} or ${CLUSTER_CA_FILE} is missing too: put it back from another control plane`,
    );
  }
  // One that is there but empty would be read first.
  await files.remove(KUBELET_CONF_FILE);
  const content = bootstrapKubeconfig(caCertificate, token);
  await files.write(BOOTSTRAP_KUBELET_CONF_FILE, content, SECRET);
}
