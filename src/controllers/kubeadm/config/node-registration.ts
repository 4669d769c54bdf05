import type { Fields, KubeadmDialect } from '../../../state/kubeadm/kubeadm-dialect.ts';
import type { KubeadmInput } from '../../../state/kubeadm/kubeadm-input.ts';

/** The runtime that Host.check looks for. */
export const CRI_SOCKET = 'unix:///run/containerd/containerd.sock';

/** `nodeRegistration` of InitConfiguration and JoinConfiguration. */
export function nodeRegistration(dialect: KubeadmDialect, input: KubeadmInput): Fields {
  const { hostname, address, spec } = input;
  return {
    name: hostname,
    criSocket: CRI_SOCKET,
    imagePullPolicy: 'IfNotPresent',
    kubeletExtraArgs: dialect.extraArgs({ 'node-ip': address }),
    ignorePreflightErrors: spec.kubeadm.ignorePreflightErrors,
  };
}
