import { remembered } from '../state/remembered.ts';

/** What of a kubeconfig file matters here. */
export interface Kubeconfig {
  /** `https://HOST:PORT`. */
  readonly server: string;
  /** PEM of the authority that the server's certificate must come from. */
  readonly certificateAuthority: string;
  readonly user: string;
  /** Bootstrap token, where the user has one. */
  readonly token?: string;
  /** PEM of the client certificate, where it stands in the file. */
  readonly certificate?: string;
  /** Its path, where it stands in a file of its own. */
  readonly certificateFile?: string;
}

export const ADMIN_USER = 'kubernetes-admin';
export const NODE_USER_PREFIX = 'system:node:';

export function writeKubeconfig(kubeconfig: Kubeconfig): string {
  const { server, certificateAuthority, user } = kubeconfig;
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
    `    ${credentialsIn(kubeconfig)}`,
    '',
  ].join('\n');
}

function credentialsIn({ token, certificate = '', certificateFile }: Kubeconfig): string {
  if (token) return `token: ${token}`;
  if (certificateFile) return `client-certificate: ${certificateFile}`;
  return `client-certificate-data: ${btoa(certificate)}`;
}

const SERVER = fieldPattern('server');
const AUTHORITY = fieldPattern('certificate-authority-data');
const USER = fieldPattern('user');
const TOKEN = fieldPattern('token');
const CERTIFICATE = fieldPattern('client-certificate-data');
const CERTIFICATE_FILE = fieldPattern('client-certificate');

/**
 * Reads the first cluster and user, also of files that others wrote, in YAML or JSON; undefined when
 * there is no server. This is no full parser.
 */
export function readKubeconfig(text: string | undefined): Kubeconfig | undefined {
  return text === undefined ? undefined : parseKubeconfig(text);
}

const parseKubeconfig = remembered((text): Kubeconfig | undefined => {
  const server = text.match(SERVER)?.[1];
  if (server === undefined) return undefined;
  const authority = text.match(AUTHORITY)?.[1];
  const token = text.match(TOKEN)?.[1];
  const certificate = text.match(CERTIFICATE)?.[1];
  const certificateFile = text.match(CERTIFICATE_FILE)?.[1];
  return {
    server,
    certificateAuthority: authority ? atob(authority) : '',
    user: text.match(USER)?.[1] ?? '',
    ...(token ? { token } : {}),
    ...(certificate ? { certificate: atob(certificate) } : {}),
    ...(certificateFile ? { certificateFile } : {}),
  };
});

function fieldPattern(name: string): RegExp {
  return new RegExp(`(?:^|[\\s{,])["']?${name}["']?:[ \\t]*["']?([^\\s"',{}]+)`, 'm');
}
