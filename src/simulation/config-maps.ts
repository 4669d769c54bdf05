import type { KubeConfigMapName } from '../ports/kube-objects.ts';
import { KubeadmFailure } from './kubeadm/failure.ts';
import { uploadedConfiguration } from './kubeadm/uploaded-configuration.ts';
import type { SimulatedCluster } from './simulated-cluster.ts';

/** The key of kubeadm-config that kubeadm reads. */
export const CLUSTER_CONFIGURATION = 'ClusterConfiguration';
/** The key of kubelet-config that it writes on each node. */
export const KUBELET_CONFIGURATION = 'kubelet';

/**
 * Writes a ConfigMap. What kubeadm will read in it is read now; undefined, or the sentence of a
 * kubeadm that could not read it, in which case nothing is written.
 */
export function putConfigMap(
  cluster: SimulatedCluster,
  name: KubeConfigMapName,
  data: Readonly<Record<string, string>>,
): string | undefined {
  try {
    const given = { ...cluster.configMaps.get('kubeadm-config')?.data, ...data };
    const kubelet = { ...cluster.configMaps.get('kubelet-config')?.data, ...data };
    cluster.configuration = uploadedConfiguration(
      given[CLUSTER_CONFIGURATION],
      kubelet[KUBELET_CONFIGURATION],
    );
  } catch (error) {
    if (error instanceof KubeadmFailure) return error.message;
    throw error;
  }
  cluster.configMaps.set(name, { revision: cluster.etcd.revision + 1, data });
  return undefined;
}
