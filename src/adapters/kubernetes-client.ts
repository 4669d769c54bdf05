import { z } from 'zod';
import { RetryableError } from '../errors.ts';
import type { Kube, KubeNode } from '../ports/kube.ts';
import { answersHealthz, COMPONENT_PORTS } from './component-health.ts';
import { httpsJson } from './https-json.ts';
import { createKubeCredentials, type KubeCredentials } from './kube-credentials.ts';
import { callKube, parsed } from './kubernetes-api.ts';
import { patchConfigMap, readConfigMap } from './kubernetes-config-maps.ts';
import { listDeprecatedApis } from './kubernetes-deprecated-apis.ts';
import { listNodeLeases, readControllerManagerRenewal } from './kubernetes-leases.ts';
import { listAll } from './kubernetes-list.ts';
import {
  addTaint,
  listVolumeAttachments,
  readMarked,
  removeTaint,
  setLabels,
  setUnschedulable,
} from './kubernetes-node-marks.ts';
import { nodeObjectSchema, toKubeNode } from './kubernetes-objects.ts';
import { evictPod, listDisruptionBudgets, listPodsOn } from './kubernetes-pods.ts';
import {
  createBootstrapToken,
  deleteBootstrapToken,
  listBootstrapTokens,
} from './kubernetes-tokens.ts';
import { listWrittenObjects } from './kubernetes-written-objects.ts';

const READYZ_TIMEOUT_MS = 2_000;
const READYZ_MAX_BYTES = 65_536;
const versionSchema = z.object({ gitVersion: z.string().max(32) });
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
    localApiServerVersion: async () => {
      const found = await credentials();
      return found && versionOf(found, apiServerPort);
    },
    localComponentHealthy: (component) => answersHealthz(COMPONENT_PORTS[component]),
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
    deleteNode: async (name, uid) => deleteNode(await needed(), name, uid),
    podsOn: async (node) => listPodsOn(await needed(), node),
    disruptionBudgets: async () => listDisruptionBudgets(await needed()),
    evict: async (pod) => evictPod(await needed(), pod),
    nodeMarks: async (node) => (await readMarked(await needed(), node))?.marks,
    setUnschedulable: async (node, unschedulable) =>
      setUnschedulable(await needed(), node, unschedulable),
    setLabels: async (node, labels) => setLabels(await needed(), node, labels),
    addTaint: async (node, taint) => addTaint(await needed(), node, taint),
    removeTaint: async (node, taint) => removeTaint(await needed(), node, taint),
    nodeLeases: async () => listNodeLeases(await needed()),
    controllerManagerRenewedWallMs: async () => readControllerManagerRenewal(await needed()),
    configMap: async (name) => readConfigMap(await needed(), name),
    patchConfigMap: async (name, data, revision) =>
      patchConfigMap(await needed(), name, data, revision),
    deprecatedApisInUse: async () => listDeprecatedApis(await needed()),
    writtenObjects: async (api, most) => listWrittenObjects(await needed(), api, most),
    volumeAttachments: async (node) => listVolumeAttachments(await needed(), node),
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

async function versionOf({ agent }: KubeCredentials, port: number): Promise<string | undefined> {
  const url = new URL(`https://127.0.0.1:${port}/version`);
  const limits = { timeoutMs: READYZ_TIMEOUT_MS, maxBytes: READYZ_MAX_BYTES };
  try {
    const { body } = await httpsJson({ agent, url, method: 'GET', ...limits });
    return versionSchema.safeParse(body).data?.gitVersion;
  } catch {
    return undefined;
  }
}

async function readNode(credentials: KubeCredentials, name: string) {
  const answer = await callKube(credentials, 'GET', nodePath(name), { foreseen: [404] });
  return answer.status === 404 ? undefined : toKubeNode(parsed(nodeObjectSchema, answer));
}

/** The API server compares the uid itself: a node that registered meanwhile is a conflict, and stays. */
async function deleteNode(credentials: KubeCredentials, name: string, uid: string): Promise<void> {
  const body = { preconditions: { uid } };
  await callKube(credentials, 'DELETE', nodePath(name), { body, foreseen: [404, 409] });
}

function nodePath(name: string): string {
  return `/api/v1/nodes/${encodeURIComponent(name)}`;
}

async function listNodes(credentials: KubeCredentials): Promise<readonly KubeNode[]> {
  const nodes = await listAll(credentials, '/api/v1/nodes', nodeObjectSchema);
  return nodes.map(toKubeNode);
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
  const message =
    'This host has neither admin.conf nor kubelet.conf yet: they come with its join, so see what kubeadm waits for.';
  throw new RetryableError('kube.unreachable', message);
}
