import { stringify } from 'yaml';
import { LOCAL_API_ENDPOINT } from '../../../state/local-api-endpoint.ts';

/**
 * A kubeconfig that says where the API is and whom to trust there, without credentials. Its cluster
 * has no name and there is no context, as in the ConfigMap `cluster-info`: kubeadm reads that form,
 * while client-go refuses a context without a user.
 */
export function discoveryKubeconfig(caCertificate: string): string {
  const cluster = {
    server: `https://${LOCAL_API_ENDPOINT}`,
    'certificate-authority-data': btoa(caCertificate),
  };
  return stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: '', cluster }],
      contexts: [],
      'current-context': '',
      users: [],
    },
    { lineWidth: 0 },
  );
}
