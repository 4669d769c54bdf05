import type { Entry } from '../kinds.ts';

/** Host names and addresses of all enrolled nodes, for the certificate of an API server. */
export function knownNames(nodes: readonly Entry<'node'>[]): readonly string[] {
  return nodes.flatMap(({ value: { hostname, addresses } }) => [hostname, ...addresses]);
}
