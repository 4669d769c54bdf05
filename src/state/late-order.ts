import type { Order } from './order.ts';

interface Written {
  /** The newest entry that wrote it. */
  readonly revision: number;
}

interface WrittenOrder extends Written {
  readonly value: Pick<Order, 'term'>;
}

/**
 * Whether a leader that had been deposed wrote the order: a term began between the one that it carries
 * and its place in the log (see `isLate` of assignments). Nobody obeys it.
 */
export function isLateOrder(
  { value, revision }: WrittenOrder,
  leadership: Written | undefined,
  orders: readonly WrittenOrder[],
): boolean {
  const begun = [leadership?.revision ?? 0, ...orders.map((each) => each.value.term)];
  return begun.some((term) => value.term < term && term < revision);
}
