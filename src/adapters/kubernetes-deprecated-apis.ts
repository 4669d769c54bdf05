import { z } from 'zod';
import { RetryableError } from '../errors.ts';
import type { KubeDeprecatedApi } from '../ports/kube-objects.ts';
import { httpsText } from './https-text.ts';
import type { KubeCredentials } from './kube-credentials.ts';
import { callKube, parsed } from './kubernetes-api.ts';
import { listSchema } from './kubernetes-objects.ts';

const SLICES = '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices';
const API_SERVERS = 'kubernetes.io/service-name=kubernetes';
const METRIC = 'apiserver_requested_deprecated_apis{';
const LABEL = /(\w+)="([^"]*)"/g;
const TIMEOUT_MS = 10_000;
/** A large cluster's are about 10 MB. */
const MAX_METRICS_BYTES = 67_108_864;

const sliceSchema = z.object({
  addressType: z.string(),
  ports: z.array(z.object({ port: z.int().min(1).max(65_535) })).default([]),
  endpoints: z.array(z.object({ addresses: z.array(z.string()).default([]) })).default([]),
});

/**
 * Asked of each API server, by the address that it publishes: each counts what it was asked itself
 * (kubernetes.io: "Deprecation Policy", on metrics).
 */
export async function listDeprecatedApis(
  credentials: KubeCredentials,
): Promise<readonly KubeDeprecatedApi[]> {
  const found = new Map<string, KubeDeprecatedApi>();
  for (const url of await metricsOfApiServers(credentials)) {
    for (const line of await metricLines(credentials, url)) {
      const api = toDeprecatedApi(line);
      found.set(JSON.stringify(api), api);
    }
  }
  return [...found.values()];
}

async function metricsOfApiServers(credentials: KubeCredentials): Promise<readonly URL[]> {
  const query = new URLSearchParams({ labelSelector: API_SERVERS });
  const answer = await callKube(credentials, 'GET', `${SLICES}?${query}`);
  return parsed(listSchema(sliceSchema), answer).items.flatMap(
    ({ addressType, ports, endpoints }) =>
      endpoints.flatMap(({ addresses }) =>
        addresses.flatMap((address) => {
          const host = addressType === 'IPv6' ? `[${address}]` : address;
          return ports.map(({ port }) => new URL(`https://${host}:${port}/metrics`));
        }),
      ),
  );
}

async function metricLines({ agent }: KubeCredentials, url: URL): Promise<readonly string[]> {
  const limits = { timeoutMs: TIMEOUT_MS, maxBytes: MAX_METRICS_BYTES };
  try {
    const asked = { agent, url, method: 'GET', accept: 'text/plain', ...limits } as const;
    const { status, text } = await httpsText(asked);
    if (status !== 200) throw new Error(`status ${status}`);
    return text.split('\n').filter((line) => line.startsWith(METRIC) && !line.endsWith(' 0'));
  } catch (cause) {
    const message = `The API server at ${url.host} does not tell its metrics (${String(cause)}): see its log if it stays.`;
    throw new RetryableError('kube.unreachable', message, { cause });
  }
}

function toDeprecatedApi(line: string): KubeDeprecatedApi {
  const labels = new Map([...line.matchAll(LABEL)].map(([, key, value]) => [key, value ?? '']));
  const of = (name: string) => labels.get(name) ?? '';
  return {
    group: of('group'),
    version: of('version'),
    resource: of('resource'),
    subresource: of('subresource'),
    removedRelease: of('removed_release'),
  };
}
