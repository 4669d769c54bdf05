import { stringify } from 'yaml';
import { MANIFESTS } from '../paths.ts';

const HEADER = { apiVersion: 'kubelet.config.k8s.io/v1beta1', kind: 'KubeletConfiguration' };

/** The KubeletConfiguration of a configuration file with kubeadm's defaults, as ConfigMap and node have it. */
export function kubeletConfigurationText(documents: ReadonlyMap<string, unknown>): string {
  const given = documents.get('KubeletConfiguration');
  return stringify({
    ...HEADER,
    staticPodPath: MANIFESTS,
    failSwapOn: true,
    ...(typeof given === 'object' ? given : {}),
  });
}
