import { z } from 'zod';
import type { KubeConfigMap, KubeConfigMapName } from '../ports/kube-objects.ts';
import type { KubeCredentials } from './kube-credentials.ts';
import { callKube, parsed } from './kubernetes-api.ts';

const CONFIG_MAPS = '/api/v1/namespaces/kube-system/configmaps';

const configMapSchema = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  data: z.record(z.string(), z.string()).default({}),
});

export async function readConfigMap(
  credentials: KubeCredentials,
  name: KubeConfigMapName,
): Promise<KubeConfigMap | undefined> {
  const path = `${CONFIG_MAPS}/${name}`;
  const answer = await callKube(credentials, 'GET', path, { foreseen: [404] });
  if (answer.status === 404) return undefined;
  const { metadata, data } = parsed(configMapSchema, answer);
  return { revision: metadata.resourceVersion, data };
}

/** The API server compares the version itself; a ConfigMap that is gone is a conflict as well. */
export async function patchConfigMap(
  credentials: KubeCredentials,
  name: KubeConfigMapName,
  data: KubeConfigMap['data'],
  revision: string,
): Promise<'done' | 'conflict'> {
  const body = { metadata: { resourceVersion: revision }, data };
  const foreseen = [404, 409];
  const answer = await callKube(credentials, 'PATCH', `${CONFIG_MAPS}/${name}`, { body, foreseen });
  return answer.status < 300 ? 'done' : 'conflict';
}
