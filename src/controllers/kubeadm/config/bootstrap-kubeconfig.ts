import { stringify } from 'yaml';
import { LOCAL_API_ENDPOINT } from '../../../state/local-api-endpoint.ts';

const CLUSTER = 'kubernetes';
/** The names that kubeadm gives them (`bootstrap-kubelet.conf`). */
const USER = 'tls-bootstrap-token-user';
const CONTEXT = `${USER}@${CLUSTER}`;

/** A kubeconfig by which a kubelet asks for its first certificate, at the load balancer of its host. */
export function bootstrapKubeconfig(caCertificate: string, token: string): string {
  const cluster = {
    server: `https://${LOCAL_API_ENDPOINT}`,
    'certificate-authority-data': btoa(caCertificate),
  };
  return stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: CLUSTER, cluster }],
      contexts: [{ name: CONTEXT, context: { cluster: CLUSTER, user: USER } }],
      'current-context': CONTEXT,
      users: [{ name: USER, user: { token } }],
    },
    { lineWidth: 0 },
  );
}
