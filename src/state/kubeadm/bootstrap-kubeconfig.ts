import { stringify } from 'yaml';
import { LOCAL_API_ENDPOINT } from '../local-api-endpoint.ts';

const CLUSTER = 'kubernetes';
/** The names that kubeadm gives them (`bootstrap-kubelet.conf`). */
const USER = 'tls-bootstrap-token-user';
const CONTEXT = `${USER}@${CLUSTER}`;

/** A kubeconfig by which a kubelet asks for its first certificate; default: at the load balancer of its host. */
export function bootstrapKubeconfig(
  caCertificate: string,
  token: string,
  server = `https://${LOCAL_API_ENDPOINT}`,
): string {
  const cluster = {
    server,
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

const TOKEN = /^\s*token: "?([a-z0-9]{6})\.[a-z0-9]{16}"?\s*$/m;

/** The public half of the token in such a file; undefined where there is none. */
export function bootstrapTokenIdIn(kubeconfig: string): string | undefined {
  return TOKEN.exec(kubeconfig)?.[1];
}

const SERVER = /^\s*server: "?(https:\/\/[^\s"]+)"?\s*$/m;

/** Where such a file, or one that a kubelet made of it, finds the API. */
export function serverIn(kubeconfig: string): string | undefined {
  return SERVER.exec(kubeconfig)?.[1];
}
