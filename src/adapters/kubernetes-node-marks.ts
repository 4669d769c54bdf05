import { z } from 'zod';
import { RetryableError } from '../errors.ts';
import type { KubeNodeMarks, KubeTaint, KubeVolumeAttachment } from '../ports/kube-objects.ts';
import { isSameTaint } from '../state/same-taint.ts';
import type { KubeCredentials } from './kube-credentials.ts';
import { callKube, parsed } from './kubernetes-api.ts';
import { listAll } from './kubernetes-list.ts';
import { metadataSchema } from './kubernetes-objects.ts';

const ATTACHMENTS = '/apis/storage.k8s.io/v1/volumeattachments';
const MOST_ATTEMPTS = 5;

const markedNodeSchema = z.object({
  metadata: metadataSchema.extend({ resourceVersion: z.string() }),
  spec: z.object({
    unschedulable: z.boolean().default(false),
    taints: z
      .array(
        z.object({
          key: z.string(),
          value: z.string().default(''),
          effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']),
        }),
      )
      .default([]),
  }),
});

const attachmentSchema = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    nodeName: z.string(),
    source: z.object({ persistentVolumeName: z.string().optional() }).prefault({}),
  }),
  status: z.object({ attached: z.boolean().default(false) }).prefault({}),
});

/** The marks, and the version of the Node they were read from. */
export async function readMarked(
  credentials: KubeCredentials,
  node: string,
): Promise<{ readonly marks: KubeNodeMarks; readonly version: string } | undefined> {
  const answer = await callKube(credentials, 'GET', pathOf(node), { foreseen: [404] });
  if (answer.status === 404) return undefined;
  const { metadata, spec } = parsed(markedNodeSchema, answer);
  const { uid, labels, resourceVersion } = metadata;
  return { marks: { uid, labels, ...spec }, version: resourceVersion };
}

export async function setUnschedulable(
  credentials: KubeCredentials,
  node: string,
  unschedulable: boolean,
): Promise<void> {
  const found = await readMarked(credentials, node);
  if (!found || found.marks.unschedulable === unschedulable) return;
  await patch(credentials, node, { spec: { unschedulable } });
}

export async function setLabels(
  credentials: KubeCredentials,
  node: string,
  labels: Readonly<Record<string, string | null>>,
): Promise<void> {
  await patch(credentials, node, { metadata: { labels } });
}

export function addTaint(
  credentials: KubeCredentials,
  node: string,
  taint: KubeTaint,
): Promise<void> {
  return changeTaints(credentials, node, (taints) => {
    const there = taints.find((other) => isSameTaint(other, taint));
    if (there?.value === taint.value) return taints;
    return [...taints.filter((other) => other !== there), taint];
  });
}

export function removeTaint(
  credentials: KubeCredentials,
  node: string,
  taint: Pick<KubeTaint, 'key' | 'effect'>,
): Promise<void> {
  return changeTaints(credentials, node, (taints) =>
    taints.some((other) => isSameTaint(other, taint))
      ? taints.filter((other) => !isSameTaint(other, taint))
      : taints,
  );
}

export async function listVolumeAttachments(
  credentials: KubeCredentials,
  node: string,
): Promise<readonly KubeVolumeAttachment[]> {
  const attachments = await listAll(credentials, ATTACHMENTS, attachmentSchema);
  return attachments
    .filter(({ spec }) => spec.nodeName === node)
    .map(({ metadata, spec, status }) => ({
      name: metadata.name,
      volume: spec.source.persistentVolumeName ?? null,
      attached: status.attached,
    }));
}

/** A list can only be replaced as a whole, so the patch holds only for the Node that was read. */
async function changeTaints(
  credentials: KubeCredentials,
  node: string,
  change: (taints: readonly KubeTaint[]) => readonly KubeTaint[],
): Promise<void> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const found = await readMarked(credentials, node);
    if (!found) return;
    const taints = change(found.marks.taints);
    if (taints === found.marks.taints) return;
    const metadata = { resourceVersion: found.version };
    if ((await patch(credentials, node, { metadata, spec: { taints } })) !== 409) return;
  }
  const message = `Others changed node ${node} each time its taints were to be written: find out who does if it stays.`;
  throw new RetryableError('kube.unreachable', message);
}

async function patch(credentials: KubeCredentials, node: string, body: unknown): Promise<number> {
  const foreseen = [404, 409];
  const answer = await callKube(credentials, 'PATCH', pathOf(node), { body, foreseen });
  return answer.status;
}

function pathOf(node: string): string {
  return `/api/v1/nodes/${encodeURIComponent(node)}`;
}
