import type { Drift } from '../../state/drift.ts';
import type { Baseline } from './baseline.ts';
import type { Afterwards, Finding, Repair } from './finding.ts';
import type { RepairBook } from './repair-book.ts';

export type Action =
  /** How an operation of ours left the host, or that one is under way. */
  | { readonly type: 'keep-baseline'; readonly baseline: Baseline }
  | { readonly type: 'remember'; readonly book: RepairBook }
  /** Null: nothing deviates any more. */
  | { readonly type: 'tell'; readonly drift: Drift | null; readonly ifRevision: number }
  /** `book` is kept first, so that an attempt counts however it ends. */
  | {
      readonly type: 'repair';
      readonly finding: Finding;
      readonly repair: Repair;
      readonly book: RepairBook;
      /** It ends a part of a control plane that serves. */
      readonly disturbs: boolean;
    }
  /** What reads the file was perhaps not told of the repair: the agent ended in between. */
  | {
      readonly type: 'finish';
      readonly due: Exclude<Afterwards, 'nothing'>;
      readonly book: RepairBook;
    };
