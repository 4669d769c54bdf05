/** What of a kubeconfig file matters here. */
export interface Kubeconfig {
  /** `https://HOST:PORT`. */
  readonly server: string;
  /** PEM of the authority that the server's certificate must come from. */
  readonly certificateAuthority: string;
  readonly user: string;
  /** Bootstrap token, where the user has one. */
  readonly token?: string;
}

export const ADMIN_USER = 'kubernetes-admin';
export const NODE_USER_PREFIX = 'system:node:';

export function writeKubeconfig({ server, certificateAuthority, user, token }: Kubeconfig): string {
  const credentials = token ? `token: ${token}` : `client-certificate-data: ${btoa(user)}`;
  return [
    'apiVersion: v1',
    'kind: Config',
    'clusters:',
    '- name: kubernetes',
    '  cluster:',
    `    certificate-authority-data: ${btoa(certificateAuthority)}`,
    `    server: ${server}`,
    'contexts:',
    '- name: simulated',
    '  context:',
    '    cluster: kubernetes',
    `    user: ${user}`,
    'current-context: simulated',
    'users:',
    `- name: ${user}`,
    '  user:',
    `    ${credentials}`,
    '',
  ].join('\n');
}

const SERVER = fieldPattern('server');
const AUTHORITY = fieldPattern('certificate-authority-data');
const USER = fieldPattern('user');
const TOKEN = fieldPattern('token');

/**
 * Reads the first cluster and user, also of files that others wrote, in YAML or JSON; undefined when
 * there is no server. Files are read on every change of the world, so this is no full parser.
 */
export function readKubeconfig(text: string | undefined): Kubeconfig | undefined {
  const server = text?.match(SERVER)?.[1];
  if (text === undefined || server === undefined) return undefined;
  const authority = text.match(AUTHORITY)?.[1];
  const token = text.match(TOKEN)?.[1];
  return {
    server,
    certificateAuthority: authority ? atob(authority) : '',
    user: text.match(USER)?.[1] ?? '',
    ...(token ? { token } : {}),
  };
}

function fieldPattern(name: string): RegExp {
  return new RegExp(`(?:^|[\\s{,])["']?${name}["']?:[ \\t]*["']?([^\\s"',{}]+)`, 'm');
}
