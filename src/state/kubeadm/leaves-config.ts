import { stringify } from 'yaml';
import { clusterConfiguration } from './cluster-configuration.ts';
import { kubeadmDialect } from './kubeadm-dialect.ts';
import type { KubeadmInput } from './kubeadm-input.ts';
import { patchedDocument } from './patched-document.ts';

/**
 * The file for `kubeadm init phase certs … --config`: what goes into the leaves of a control plane at an
 * address, as `init` and `join` would have it. It holds no secret, and needs no API server.
 */
export function leavesConfig(input: Omit<KubeadmInput, 'cgroupDriver'>): string {
  const dialect = kubeadmDialect(input.kubernetesVersion);
  const { hostname, address } = input;
  return [
    {
      apiVersion: dialect.apiVersion,
      kind: 'InitConfiguration',
      localAPIEndpoint: { advertiseAddress: address },
      nodeRegistration: { name: hostname },
    },
    patchedDocument('clusterConfiguration', clusterConfiguration(dialect, input), input),
  ]
    .map((document) => stringify(document, { version: '1.1', lineWidth: 0 }))
    .join('---\n');
}
