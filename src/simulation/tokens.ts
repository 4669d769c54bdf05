import type { SimulatedCluster, SimulatedToken } from './simulated-cluster.ts';

const TOKEN = /^([a-z0-9]{6})\.([a-z0-9]{16})$/;

/** Id and secret of a bootstrap token; undefined when it is none. */
export function splitToken(token: string) {
  const [, id, secret] = token.match(TOKEN) ?? [];
  return id !== undefined && secret !== undefined ? { id, secret } : undefined;
}

/** The token as the API server's authenticator finds it: right secret, not expired. */
export function findToken(
  cluster: SimulatedCluster,
  token: string | undefined,
  wallMs: number,
): SimulatedToken | undefined {
  const parts = splitToken(token ?? '');
  const found = parts && cluster.tokens.get(parts.id);
  if (!found || found.secret !== parts.secret || found.expiresWallMs <= wallMs) return undefined;
  return found;
}
