import type { Trace, TraceEntry } from '../trace/entry.ts';
import { invariants } from './invariants.ts';
import { isElsewhere } from './known/clusters.ts';
import { type Known, nothingKnown } from './known/known.ts';
import { learn } from './known/learn.ts';
import type { EntryType, Watch } from './rule.ts';

/** An invariant that did not hold. */
export interface Violation {
  /** `S1` … `S26`, `L1` … `L14`. */
  readonly invariant: string;
  /** Of the rule: some invariants have several. */
  readonly title: string;
  /** For a person: hosts, entries and times. */
  readonly sentence: string;
  /** Of the entry that shows it: all up to and with this one is the smallest prefix that does. */
  readonly index: number;
}

interface Listener {
  readonly id: string;
  readonly title: string;
  readonly watch: Watch;
  readonly spansClusters: boolean;
  /** What follows a first violation is as a rule its consequence, and not told again. */
  isOver: boolean;
}

/** The first violation of each rule, in the order in which they show. Pure. */
export function check(trace: Trace): readonly Violation[] {
  const listenersOf = listenersByType();
  const violations: Violation[] = [];
  let known = nothingKnown(trace.header);
  for (const [index, entry] of trace.entries.entries()) {
    const elsewhere = isElsewhere(entry, known);
    for (const listener of listenersOf(entry.type)) {
      if (elsewhere && !listener.spansClusters) continue;
      const sentence = hear(listener, entry, known);
      if (sentence === undefined) continue;
      const { id: invariant, title } = listener;
      violations.push({ invariant, title, sentence, index });
    }
    known = learn(known, entry, elsewhere);
  }
  return violations;
}

function hear(listener: Listener, entry: TraceEntry, known: Known): string | undefined {
  if (listener.isOver) return undefined;
  const sentence = listener.watch(entry, known);
  listener.isOver = sentence !== undefined;
  return sentence;
}

function listenersByType(): (type: EntryType) => readonly Listener[] {
  const all = invariants.map(({ id, title, hears, spansClusters, begin }) => {
    return { id, title, hears, spansClusters, watch: begin(), isOver: false };
  });
  const byType = new Map<EntryType, readonly Listener[]>();
  return (type) => {
    const found = byType.get(type);
    if (found) return found;
    const hearing = all.filter(({ hears }) => hears === 'everything' || hears.includes(type));
    byType.set(type, hearing);
    return hearing;
  };
}
