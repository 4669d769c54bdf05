import type { Known } from '../known/known.ts';
import { type EntryType, type Invariant, invariant, type Of } from '../rule.ts';

/** Something that has to happen, and until when. */
export interface Debt {
  readonly key: string;
  readonly dueMs: number;
  /** For a person: what did not happen. */
  readonly sentence: string;
}

export type Debts = readonly Debt[];

interface Bound<T extends EntryType> {
  readonly id: string;
  readonly title: string;
  readonly rule: string;
  readonly hears: readonly T[];
  /** What is owed after this entry: some debts come in, some are paid, some are forgiven. */
  owe(debts: Debts, entry: Of<T>, known: Known): Debts;
  /** What may not happen at all while the promise holds. */
  breach?(entry: Of<T>, known: Known): string | undefined;
}

const NOTHING_OWED: Debts = [];

/** A promise of something within a time: broken by the first entry that is later than an unpaid debt. */
export function bound<T extends EntryType>(promise: Bound<T>): Invariant {
  const heard = new Set<EntryType>(promise.hears);
  return invariant({
    id: promise.id,
    title: promise.title,
    rule: promise.rule,
    hears: 'everything',
    initial: NOTHING_OWED,
    step(debts, entry, known) {
      const late = debts.find(({ dueMs }) => dueMs < entry.atMs);
      if (late) return { state: debts, broken: late.sentence };
      if (!heard.has(entry.type)) return { state: debts };
      // Sound: it is one of the types that the promise hears.
      const own = entry as unknown as Of<T>;
      const broken = promise.breach?.(own, known);
      return { state: promise.owe(debts, own, known), broken };
    },
  });
}

export function paid(debts: Debts, key: string): Debts {
  return debts.some((debt) => debt.key === key) ? debts.filter((debt) => debt.key !== key) : debts;
}

/** Once a debt stands, the same one is not owed again. */
export function owed(debts: Debts, debt: Debt): Debts {
  return debts.some(({ key }) => key === debt.key) ? debts : [...debts, debt];
}
