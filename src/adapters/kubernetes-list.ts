import type { z } from 'zod';
import type { KubeCredentials } from './kube-credentials.ts';
import { callKube, type KubeAnswer, parsed } from './kubernetes-api.ts';
import { listSchema } from './kubernetes-objects.ts';

const PER_PAGE = 100;

/** All objects of a list, page after page. `filter`: `fieldSelector` and the like. */
export async function listAll<S extends z.ZodType>(
  credentials: KubeCredentials,
  path: string,
  schema: S,
  filter: Readonly<Record<string, string>> = {},
): Promise<readonly z.output<S>[]> {
  const items: z.output<S>[] = [];
  let next: string | undefined = '';
  while (next !== undefined) {
    const query = new URLSearchParams({ ...filter, limit: String(PER_PAGE), continue: next });
    const answer: KubeAnswer = await callKube(credentials, 'GET', `${path}?${query}`);
    const page = parsed(listSchema(schema), answer);
    items.push(...page.items);
    next = page.metadata.continue || undefined;
  }
  return items;
}
