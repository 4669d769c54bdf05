import { z } from 'zod';
import type { Deviation } from '../../state/drift.ts';
import type { Finding } from './finding.ts';

const itemSchema = z.strictObject({
  item: z.string().max(200),
  message: z.string().max(500),
  found: z.string().max(64),
  sinceWallMs: z.int().min(0),
  /** False: only its repairs are remembered. */
  present: z.boolean(),
  repairable: z.boolean(),
  /** Repairs did not last: left alone until it changes, or the policy does. */
  kept: z.boolean(),
  repairsWallMs: z.array(z.int().min(0)).max(16),
  /** The file is right again, and what reads it has yet to be told. */
  due: z.enum(['restart-kubelet', 'reload-units', 'reload-kubelet']).nullable(),
});

const policySchema = z.enum(['repair', 'report']);

/** What deviates on a host, and what was done about it; it outlives the agent. */
export const repairBookSchema = z.strictObject({
  policy: policySchema,
  items: z.array(itemSchema).max(64),
});

export type RepairBook = z.infer<typeof repairBookSchema>;
type Item = RepairBook['items'][number];
type Policy = z.infer<typeof policySchema>;

export const EMPTY_BOOK: RepairBook = { policy: 'repair', items: [] };

const MOST_REPAIRS = 3;
const LASTS_MS = 3_600_000;
/** A repair that has not shown any effect by then has failed. */
const PATIENCE_MS = 30_000;
const LONGEST_MESSAGE = 500;
const MOST_ITEMS = 64;

interface Seen {
  readonly findings: readonly Finding[];
  /** Items that are right again, and not for long enough to count, or that nobody could look at. */
  readonly stays: (item: string) => boolean;
  readonly policy: Policy;
  readonly wallMs: number;
}

/** The book after a look at the host; the same one when there is nothing new. */
export function nextBook(before: RepairBook, seen: Seen): RepairBook {
  const { findings, stays, policy, wallMs } = seen;
  const known = before.policy === policy ? before.items : before.items.map(afresh);
  const byItem = new Map(known.map((each) => [each.item, each]));
  const found = findings.map((finding) => afterFinding(byItem.get(finding.item), finding, wallMs));
  const names = new Set(findings.map(({ item }) => item));
  const gone = known.filter(({ item }) => !names.has(item));
  const items = [...found, ...gone.map((each) => afterAbsence(each, stays(each.item)))];
  return { policy, items: items.slice(0, MOST_ITEMS) };
}

/** Without what nobody needs any more; done with the next change, as a host at rest writes nothing. */
export function pruned({ policy, items }: RepairBook, wallMs: number): RepairBook {
  const needed = items.filter((each) => each.present || recentRepairs(each, wallMs).length > 0);
  return { policy, items: needed };
}

/** With one more repair of an item, and what is due after it. */
export function withRepair(
  book: RepairBook,
  item: string,
  repair: { readonly wallMs: number; readonly due: Item['due'] },
): RepairBook {
  const { wallMs, due } = repair;
  return changed(book, item, (each) => ({
    ...each,
    due,
    repairsWallMs: [...recentRepairs(each, wallMs), wallMs],
  }));
}

export function withoutDue(book: RepairBook, item: string): RepairBook {
  return changed(book, item, (each) => ({ ...each, due: null }));
}

/** Whether another attempt may be made now. */
export function mayRepair({ kept, repairsWallMs }: Item, wallMs: number): boolean {
  return !kept && repairsWallMs.every((repairedMs) => Math.abs(wallMs - repairedMs) >= PATIENCE_MS);
}

/** For the log: what is there in spite of us, and what we do about it. */
export function deviationsOf({ policy, items }: RepairBook): readonly Deviation[] {
  return items
    .filter(({ present }) => present)
    .map(({ item, message, sinceWallMs, kept, repairable }) => {
      const repairs = policy === 'repair' && repairable;
      const state = repairs ? (kept ? 'kept' : 'repairing') : 'reported';
      return { item, message, state, sinceWallMs };
    });
}

function afterFinding(before: Item | undefined, finding: Finding, wallMs: number): Item {
  const { item, message, found, repair } = finding;
  const repairs = before ? recentRepairs(before, wallMs) : [];
  const wornOut = repairs.length >= MOST_REPAIRS && isOver(repairs, wallMs);
  // What is changed again and again, each time otherwise, gets no more than its three an hour.
  const stillKept = before?.kept === true && before.found === found;
  return {
    item,
    message: message.slice(0, LONGEST_MESSAGE),
    found,
    sinceWallMs: before?.present ? before.sinceWallMs : wallMs,
    present: true,
    repairable: repair !== undefined,
    kept: stillKept || wornOut,
    repairsWallMs: before?.repairsWallMs ?? [],
    due: before?.due ?? null,
  };
}

function afterAbsence(before: Item, stays: boolean): Item {
  const present = before.present && (before.due !== null || stays);
  return present ? before : { ...before, present, kept: false };
}

/** The last repair had its time. */
function isOver(repairs: readonly number[], wallMs: number): boolean {
  return repairs.every((repairedMs) => Math.abs(wallMs - repairedMs) >= PATIENCE_MS);
}

function recentRepairs({ repairsWallMs }: Item, wallMs: number): readonly number[] {
  return repairsWallMs.filter((repairedMs) => Math.abs(wallMs - repairedMs) < LASTS_MS);
}

function afresh(item: Item): Item {
  return { ...item, kept: false, repairsWallMs: [] };
}

function changed(book: RepairBook, item: string, change: (each: Item) => Item): RepairBook {
  return { ...book, items: book.items.map((each) => (each.item === item ? change(each) : each)) };
}
