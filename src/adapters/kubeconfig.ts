import {
  type Cluster,
  newClusters,
  newContexts,
  newUsers,
  type User,
} from '@kubernetes/client-node/dist/config_types.js';
import { parse } from 'yaml';

/** The cluster and the user of a kubeconfig's current context. */
export interface Kubeconfig {
  readonly cluster: Cluster;
  readonly user: User;
}

/**
 * Of the client library only the part that knows kubeconfigs: the whole of it costs an agent
 * 90 MB and 400 ms. Throws a plain Error for what is no kubeconfig, or one written by half.
 */
export function parseKubeconfig(text: string): Kubeconfig {
  const config: unknown = parse(text);
  if (!isRecord(config)) throw new Error('it is no kubeconfig');
  const current = config['current-context'];
  const context = newContexts(config['contexts']).find(({ name }) => name === current);
  const cluster = newClusters(config['clusters']).find(({ name }) => name === context?.cluster);
  const user = newUsers(config['users']).find(({ name }) => name === context?.user);
  if (cluster && user) return { cluster, user };
  throw new Error('its current context names no cluster and user of it');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
