import type { StoreHandle } from '../ports/store.ts';
import { SINGLETON } from '../state/kinds.ts';
import { type NextExpiry, nextExpiry } from '../state/next-expiry.ts';

/** The certificate that ends first, as the log has it. */
export function nextExpiryOf(store: Pick<StoreHandle, 'get' | 'list'>): NextExpiry | null {
  const nodes = store.list('node').map(({ value }) => value);
  const certificates = store.list('certificates').map(({ value }) => value);
  return nextExpiry(nodes, certificates, store.get('spec', SINGLETON)?.value);
}
