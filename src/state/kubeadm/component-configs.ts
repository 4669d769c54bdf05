import type { Fields } from './kubeadm-dialect.ts';
import type { KubeadmInput } from './kubeadm-input.ts';

/**
 * CIS Kubernetes Benchmark 4.2, said aloud also where it is kubeadm's default. `serverTLSBootstrap`
 * stays off: no controller of Kubernetes approves serving certificates of kubelets.
 */
export function kubeletConfiguration({ cgroupDriver }: Pick<KubeadmInput, 'cgroupDriver'>): Fields {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    cgroupDriver,
    authentication: { anonymous: { enabled: false }, webhook: { enabled: true } },
    authorization: { mode: 'Webhook' },
    readOnlyPort: 0,
    rotateCertificates: true,
    seccompDefault: true,
    tlsMinVersion: 'VersionTLS12',
  };
}

export function kubeProxyConfiguration(): Fields {
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    metricsBindAddress: '127.0.0.1:10249',
  };
}
