import { z } from 'zod';
import { RetryableError } from '../errors.ts';
import type { Eviction, KubeDisruptionBudget, KubePod } from '../ports/kube-objects.ts';
import type { KubeCredentials } from './kube-credentials.ts';
import { callKube, parsed } from './kubernetes-api.ts';
import { listAll } from './kubernetes-list.ts';
import { metadataSchema } from './kubernetes-objects.ts';

const PODS = '/api/v1/pods';
const BUDGETS = '/apis/policy/v1/poddisruptionbudgets';
/** The kubelet writes it on what shows a static pod of its own. */
const MIRROR_ANNOTATION = 'kubernetes.io/config.mirror';

const PHASES = ['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'] as const;
const BUDGET_CAUSE = 'DisruptionBudget';
const TWO_BUDGETS = 'more than one PodDisruptionBudget';

const namespaced = metadataSchema.extend({ namespace: z.string() });

const podSchema = z.object({
  metadata: namespaced.extend({
    annotations: z.record(z.string(), z.string()).default({}),
    deletionTimestamp: z.string().optional(),
    ownerReferences: z
      .array(
        z.object({ kind: z.string(), name: z.string(), controller: z.boolean().default(false) }),
      )
      .default([]),
  }),
  spec: z.object({
    containers: z.array(z.object({ image: z.string().default('') })).default([]),
    volumes: z.array(z.object({ emptyDir: z.unknown().optional() })).default([]),
  }),
  status: z
    .object({
      phase: z.enum(PHASES).default('Unknown').catch('Unknown'),
      conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
      containerStatuses: z.array(z.object({ restartCount: z.number() })).default([]),
    })
    .prefault({}),
});

const requirement = z.object({
  key: z.string(),
  operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']),
  values: z.array(z.string()).default([]),
});

const count = z.number().default(0);

const budgetSchema = z.object({
  metadata: namespaced,
  spec: z.object({
    selector: z
      .object({
        matchLabels: z.record(z.string(), z.string()).default({}),
        matchExpressions: z.array(requirement).default([]),
      })
      .nullish(),
  }),
  status: z
    .object({
      disruptionsAllowed: count,
      currentHealthy: count,
      desiredHealthy: count,
      expectedPods: count,
    })
    .prefault({}),
});

const text = z.string().default('');

/** What an API server says of an eviction it does not make. */
const refusalSchema = z.object({
  message: text,
  details: z
    .object({ causes: z.array(z.object({ reason: text, message: text })).default([]) })
    .prefault({}),
});

export async function listPodsOn(
  credentials: KubeCredentials,
  node: string,
): Promise<readonly KubePod[]> {
  const pods = await listAll(credentials, PODS, podSchema, {
    fieldSelector: `spec.nodeName=${node}`,
  });
  return pods.map(toKubePod);
}

export async function listDisruptionBudgets(
  credentials: KubeCredentials,
): Promise<readonly KubeDisruptionBudget[]> {
  const budgets = await listAll(credentials, BUDGETS, budgetSchema);
  return budgets.flatMap(({ metadata: { namespace, name }, spec: { selector }, status }) =>
    // policy/v1: without a selector a budget covers no pod, with an empty one all of them.
    selector ? [{ namespace, name, selector, ...status }] : [],
  );
}

/**
 * The eviction subresource (kubernetes.io: "API-initiated Eviction"): 429 where a budget forbids it,
 * 500 where two budgets select the pod, which no wait will cure.
 */
export async function evictPod(
  credentials: KubeCredentials,
  { namespace, name, uid }: Pick<KubePod, 'namespace' | 'name' | 'uid'>,
): Promise<Eviction> {
  const [space, pod] = [namespace, name].map(encodeURIComponent);
  const path = `/api/v1/namespaces/${space}/pods/${pod}/eviction`;
  const body = {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { namespace, name },
    deleteOptions: { preconditions: { uid } },
  };
  const foreseen = [404, 409, 429, 500];
  const answer = await callKube(credentials, 'POST', path, { body, foreseen });
  if (answer.status === 404 || answer.status === 409) return { outcome: 'gone' };
  if (answer.status < 300) return { outcome: 'evicted' };
  const { message, details } = parsed(refusalSchema, answer);
  const budgets = details.causes.filter(({ reason }) => reason === BUDGET_CAUSE);
  if (budgets.length > 0 || message.includes(TWO_BUDGETS)) {
    return {
      outcome: 'refused',
      text: [message, ...budgets.map((cause) => cause.message)].join(' '),
    };
  }
  const said = `${answer.status} ${message}`;
  const text = `An API server can not evict ${name} (${said}): see its log if it stays.`;
  throw new RetryableError('kube.unreachable', text);
}

function toKubePod({ metadata, spec, status }: z.output<typeof podSchema>): KubePod {
  const owner = metadata.ownerReferences.find(({ controller }) => controller);
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    uid: metadata.uid,
    labels: metadata.labels,
    owner: owner ? { kind: owner.kind, name: owner.name } : null,
    mirror: MIRROR_ANNOTATION in metadata.annotations,
    emptyDir: spec.volumes.some(({ emptyDir }) => emptyDir !== undefined),
    phase: status.phase,
    ready: status.conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
    terminating: metadata.deletionTimestamp !== undefined,
    restarts: status.containerStatuses.reduce((sum, { restartCount }) => sum + restartCount, 0),
    images: spec.containers.map(({ image }) => image),
  };
}
