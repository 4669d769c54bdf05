import { RetryableError } from '../errors.ts';
import type { Kube, KubeNode } from '../ports/kube.ts';
import { httpsJson } from './https-json.ts';
import { createKubeCredentials, type KubeCredentials } from './kube-credentials.ts';
import { callKube, type KubeAnswer, parsed } from './kubernetes-api.ts';
import { listSchema, nodeObjectSchema, toKubeNode } from './kubernetes-objects.ts';
import {
  createBootstrapToken,
  deleteBootstrapToken,
  listBootstrapTokens,
} from './kubernetes-tokens.ts';

const READYZ_TIMEOUT_MS = 2_000;
const READYZ_MAX_BYTES = 65_536;
const NODES_PER_PAGE = 100;
/** What `kubeadm init` leaves in kube-system: its configuration and, in its last phase, the add-ons. */
const TRACES_OF_INIT = [
  '/api/v1/namespaces/kube-system/configmaps/kubeadm-config',
  '/apis/apps/v1/namespaces/kube-system/daemonsets/kube-proxy',
  '/apis/apps/v1/namespaces/kube-system/deployments/coredns',
];

export interface KubernetesClientDeps {
  /** Stands before the paths of the kubeconfigs, for tests. */
  readonly root: string;
  /** Of this host's own API server. */
  readonly apiServerPort: number;
}

export function createKubernetesClient({ root, apiServerPort }: KubernetesClientDeps): Kube {
  const credentials = createKubeCredentials(root);
  const needed = async () => (await credentials()) ?? noCredentials();

  return {
    localApiServerReady: async () => {
      const found = await credentials();
      return found !== undefined && isReady(found, apiServerPort);
    },
    ownNode: async (name) => {
      const found = await credentials();
      return found && readNode(found, name);
    },
    nodes: async () => listNodes(await needed()),
    initialised: async () => {
      const found = await credentials();
      return found !== undefined && hasTracesOfInit(found);
    },
    bootstrapTokens: async () => listBootstrapTokens(await needed()),
    createBootstrapToken: async (token, expiresWallMs, description) =>
      createBootstrapToken(await needed(), token, expiresWallMs, description),
    deleteBootstrapToken: async (id) => deleteBootstrapToken(await needed(), id),
  };
}

/** Any failure to answer 200 is the answer: an API server that starts refuses, resets, says 500. */
async function isReady({ agent }: KubeCredentials, port: number): Promise<boolean> {
  const url = new URL(`https://127.0.0.1:${port}/readyz`);
  const limits = { timeoutMs: READYZ_TIMEOUT_MS, maxBytes: READYZ_MAX_BYTES };
  try {
    return (await httpsJson({ agent, url, method: 'GET', ...limits })).status === 200;
  } catch {
    return false;
  }
}

async function readNode(credentials: KubeCredentials, name: string) {
  const path = `/api/v1/nodes/${encodeURIComponent(name)}`;
  const answer = await callKube(credentials, 'GET', path, { foreseen: [404] });
  return answer.status === 404 ? undefined : toKubeNode(parsed(nodeObjectSchema, answer));
}

async function listNodes(credentials: KubeCredentials): Promise<readonly KubeNode[]> {
  const nodes: KubeNode[] = [];
  let next: string | undefined = '';
  while (next !== undefined) {
    const query = new URLSearchParams({ limit: String(NODES_PER_PAGE), continue: next });
    const answer: KubeAnswer = await callKube(credentials, 'GET', `/api/v1/nodes?${query}`);
    const page = parsed(listSchema(nodeObjectSchema), answer);
    nodes.push(...page.items.map(toKubeNode));
    next = page.metadata.continue || undefined;
  }
  return nodes;
}

async function hasTracesOfInit(credentials: KubeCredentials): Promise<boolean> {
  // 403: kubeadm has not given its administrators their rights yet, so it is far from its end.
  const foreseen = [403, 404];
  const answers = await Promise.all(
    TRACES_OF_INIT.map((path) => callKube(credentials, 'GET', path, { foreseen })),
  );
  return answers.every(({ status }) => status === 200);
}

function noCredentials(): never {
  const message = 'This host has no credentials yet: neither admin.conf nor kubelet.conf.';
  throw new RetryableError('kube.unreachable', message);
}
