import { isIP, isIPv6 } from 'node:net';
import { TerminalError } from '../errors.ts';
import type { BalancerServer } from '../ports/balancer.ts';

export const HAPROXY_BACKEND = 'api-servers';

export interface HaproxySettings {
  /** Where clients connect: `127.0.0.1:7443`. */
  readonly endpoint: string;
  /** The admin socket of the Runtime API. */
  readonly socketPath: string;
  /** User and group the worker becomes; null where the process is not started as root. */
  readonly workerId: number | null;
}

/**
 * An API server that shuts down says so in its answer, and goes on with what it was asked: it gets
 * nothing new, and keeps its streams until its port is closed. One that fails otherwise loses them.
 * No regular expression: the unit denies the memory that HAProxy compiles one into.
 */
const SHUTS_DOWN = '  http-check expect error-status L7OKC ! string [-]shutdown';

/**
 * A client has left, and the server does not answer that: such as where this host has lost the address
 * of their connection. HAProxy neither cuts it nor lets go of the server before; no client of an API server
 * leaves only half. Less than a removal waits.
 */
const LEFT_BEHIND = '3s';

/**
 * The whole configuration, valid for HAProxy 2.6 and later. The algorithm is one of those the
 * Runtime API can add servers to. Idle streams live as long as the kubelet lets them (4 h); a dead
 * server's are cut at once, so that clients notice before their own time-outs.
 */
export function renderHaproxyConfig(
  settings: HaproxySettings,
  servers: readonly BalancerServer[],
): string {
  const { endpoint, socketPath, workerId } = settings;
  const identity = workerId === null ? [] : [`  uid ${workerId}`, `  gid ${workerId}`];
  return [
    'global',
    `  stats socket ${socketPath} mode 600 level admin expose-fd listeners`,
    '  maxconn 4096',
    '  hard-stop-after 10m',
    ...identity,
    '',
    'defaults',
    '  mode tcp',
    '  timeout connect 2s',
    '  timeout check 2s',
    '  timeout client 4h',
    '  timeout server 4h',
    `  timeout client-fin ${LEFT_BEHIND}`,
    `  timeout server-fin ${LEFT_BEHIND}`,
    '  option clitcpka',
    '  option srvtcpka',
    '  retries 3',
    '  option redispatch 1',
    '',
    'frontend kubernetes-api',
    `  bind ${endpoint}`,
    `  default_backend ${HAPROXY_BACKEND}`,
    '',
    `backend ${HAPROXY_BACKEND}`,
    '  balance leastconn',
    '  option allbackups',
    '  option httpchk GET /readyz',
    SHUTS_DOWN,
    '  http-check expect status 200',
    ...servers.map((server) => `  server ${serverWords(server)}`),
    '',
  ].join('\n');
}

/**
 * `<name> <address> <options>`, for a line of the file and for `add server` alike: what
 * `default-server` says does not reach servers of the Runtime API. A server that is down is asked
 * twice as often, so that a new API server serves within the second. The probe's certificate is
 * not looked at: it carries no secret, and clients verify for themselves end to end.
 */
export function serverWords(server: BalancerServer): string {
  const { name, address, port, preferred } = server;
  if (!isUsable(server)) {
    const message = `The control plane "${name}" at "${address}" can not be given to HAProxy: correct the --address of that node.`;
    throw new TerminalError('balancer.bad-server', message);
  }
  const host = isIPv6(address) ? `[${address}]` : address;
  const check = 'check check-ssl verify none inter 1s downinter 500ms fall 2 rise 1';
  const backup = preferred ? '' : ' backup';
  return `${name} ${host}:${port} ${check} on-marked-down shutdown-sessions${backup}`;
}

/** Whether a configuration is just what `renderHaproxyConfig` makes for the servers it names. */
export function isRendered(settings: HaproxySettings, config: string): boolean {
  const servers = parseHaproxyServers(config);
  return servers.every(isUsable) && config === renderHaproxyConfig(settings, servers);
}

function isUsable({ name, address }: BalancerServer): boolean {
  return /^[a-z0-9][a-z0-9.-]{0,62}$/.test(name) && isIP(address) !== 0;
}

/** The servers a configuration of ours names; lines of another's are overlooked. */
export function parseHaproxyServers(config: string): readonly BalancerServer[] {
  return config.split('\n').flatMap((line) => {
    const [keyword, name, endpoint, ...options] = line.trim().split(' ');
    if (keyword !== 'server' || name === undefined || endpoint === undefined) return [];
    return [{ name, ...parseEndpoint(endpoint), preferred: !options.includes('backup') }];
  });
}

export function parseEndpoint(endpoint: string): Pick<BalancerServer, 'address' | 'port'> {
  const colon = endpoint.lastIndexOf(':');
  const address = endpoint.slice(0, colon).replace(/^\[(.*)\]$/, '$1');
  return { address, port: Number(endpoint.slice(colon + 1)) };
}
