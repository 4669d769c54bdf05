import { z } from 'zod';

/** Name of the durable file. */
export const MOVE = 'address-move';

/** Kept from before a control plane is stopped for its new address until it is started with that. */
export const moveSchema = z.strictObject({ former: z.ipv4() });

/** Name of the durable file that is there from before the Node gets another address until kube-proxy starts with that. */
export const PROXY_BEHIND = 'proxy-behind';

export const proxyBehindSchema = z.strictObject({});

/** Of the transient unit that makes leaves for an address. */
export function commandName(address: string): string {
  return `leaves-for-${address.replaceAll('.', '-')}`;
}
