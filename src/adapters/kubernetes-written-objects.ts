import { z } from 'zod';
import type { KubeStoredApi, KubeWrittenObjects } from '../ports/kube-objects.ts';
import type { WrittenObject } from '../state/object-writers.ts';
import { parseJson } from '../state/parse-json.ts';
import type { KubeCredentials } from './kube-credentials.ts';
import { callKube, type KubeAnswer, parsed } from './kubernetes-api.ts';
import { listSchema } from './kubernetes-objects.ts';

/** Metadata of an object may be half a megabyte: the annotations (256 KiB) and who wrote each field. */
const PER_PAGE = 25;
/** Objects without their content (kubernetes.io: "Kubernetes API Concepts", on metadata-only requests). */
const METADATA_ONLY = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

const objectSchema = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string().optional(),
    annotations: z.record(z.string(), z.string()).default({}),
    managedFields: z
      .array(
        z.object({
          manager: z.string().default(''),
          apiVersion: z.string().default(''),
          time: z.string().default(''),
        }),
      )
      .default([]),
  }),
});
const manifestSchema = z.object({ apiVersion: z.string() });

/** As `Kube.writtenObjects` promises, page by page, so that never more than one page is in memory. */
export async function listWrittenObjects(
  credentials: KubeCredentials,
  { group, version, resource }: KubeStoredApi,
  most: number,
): Promise<KubeWrittenObjects> {
  const objects: WrittenObject[] = [];
  let next = '';
  do {
    const limit = String(Math.min(PER_PAGE, most - objects.length));
    const query = new URLSearchParams({ limit, continue: next });
    const path = `/apis/${group}/${version}/${resource}?${query}`;
    // 404: it is not served; 410: a list that took longer than etcd remembers what was.
    const options = { foreseen: [404, 410], accept: METADATA_ONLY };
    const answer: KubeAnswer = await callKube(credentials, 'GET', path, options);
    if (answer.status === 404) return { objects, all: true };
    if (answer.status === 410) return { objects, all: false };
    const page = parsed(listSchema(objectSchema), answer);
    objects.push(...page.items.map(toWrittenObject));
    next = page.metadata.continue ?? '';
  } while (next !== '' && objects.length < most);
  return { objects, all: next === '' };
}

function toWrittenObject({ metadata }: z.infer<typeof objectSchema>): WrittenObject {
  const { name, namespace = null, annotations, managedFields } = metadata;
  const manifest = manifestSchema.safeParse(parseJson(annotations[LAST_APPLIED] ?? ''));
  return {
    namespace,
    name,
    writers: managedFields.map(({ manager, apiVersion, time }) => {
      return { manager, apiVersion, wroteWallMs: Date.parse(time) || 0 };
    }),
    appliedApiVersion: manifest.data?.apiVersion ?? null,
  };
}
