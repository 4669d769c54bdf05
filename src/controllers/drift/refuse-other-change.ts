import { RetryableError } from '../../errors.ts';
import type { Ports } from '../../ports/index.ts';
import { disruptiveOrder } from './turn.ts';

/**
 * Refuses to end a part of this control plane while the log asks some node for what disturbs it, by
 * what it says right now (S6). Throws RetryableError `drift.other-change`.
 */
export function refuseOtherChange({ store }: Pick<Ports, 'store'>): void {
  const order = disruptiveOrder({ store });
  if (order === undefined && store.synced) return;
  const why = order ? `${order.operationId} was ordered meanwhile` : 'the log is out of reach';
  throw new RetryableError(
    'drift.other-change',
    `a manifest of this control plane was not put back, as ${why}: it is put back once that is over`,
  );
}
