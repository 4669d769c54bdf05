import { z } from 'zod';
import type { Ports } from '../../ports/index.ts';
import { MANIFESTS_FOLDER } from '../../state/kubernetes-paths.ts';

/** What it advertises and which release it is of. */
export const API_SERVER_MANIFEST = `${MANIFESTS_FOLDER}/kube-apiserver.yaml`;

/** Name of the durable file. */
export const MOVE = 'address-move';

/**
 * Kept from before a control plane is stopped for its new address until it is started with that.
 * `operationId`: of what made the control plane; a later one is none of its business.
 */
export const moveSchema = z.strictObject({ former: z.ipv4(), operationId: z.string().max(64) });

/** The operation that the assignment of this host names. */
export function assignedBy({ self, store }: Pick<Ports, 'self' | 'store'>): string {
  return store.get('assignment', self.nodeId)?.value.operationId ?? '';
}

/** Name of the durable file that is there from before the Node gets another address until kube-proxy starts with that. */
export const PROXY_BEHIND = 'proxy-behind';

export const proxyBehindSchema = z.strictObject({});

/** Of the transient unit that makes leaves for an address. */
export function commandName(address: string): string {
  return `leaves-for-${address.replaceAll('.', '-')}`;
}
