import type { Reasons } from '../../state/decision-event.ts';
import type { Finding } from './finding.ts';
import type { RepairBook } from './repair-book.ts';

/** Why something is put back, for people. */
export function reasonsOf({ item, message }: Finding, book: RepairBook): Reasons {
  const attempts = book.items.find((each) => each.item === item)?.repairsWallMs.length ?? 0;
  return {
    action: 'repair',
    summary: `puts ${item} back: ${message}`,
    guards: [
      { name: 'policy', passed: true, message: 'drift.policy of the spec is repair' },
      { name: 'repairs', passed: true, message: `${attempts} of 3 within an hour` },
    ],
    rejected: [],
  };
}
