import type { TraceEntry } from '../trace/entry.ts';
import type { Known } from './known/known.ts';

export type EntryType = TraceEntry['type'];

/** Entries of these types. */
export type Of<T extends EntryType> = Extract<TraceEntry, { readonly type: T }>;

/** What a rule makes of one entry. */
interface Outcome<State> {
  readonly state: State;
  /** For a person: which hosts, entries and times show that the rule was broken; absent: it holds. */
  readonly broken?: string | undefined;
}

/** What a person reads of a rule. */
interface RuleText {
  /** As in the list of invariants: `S1` … `S26`, `L1` … `L14`. */
  readonly id: string;
  readonly title: string;
  /** One sentence: what is never, or always, so. */
  readonly rule: string;
}

/** One invariant, as a pure fold over the entries of the types that it hears. */
interface Rule<State, T extends EntryType> extends RuleText {
  /** `everything`: time passes with each entry, whatever it tells. */
  readonly hears: readonly T[] | 'everything';
  /** Present: also what happens in a second cluster, where the run has one. */
  readonly spansClusters?: true;
  readonly initial: State;
  /** `known`: what all entries before this one say. */
  step(state: State, entry: Of<T>, known: Known): Outcome<State>;
}

/** Hears each entry of its types in order; answers with a sentence once the rule was broken. */
export type Watch = (entry: TraceEntry, known: Known) => string | undefined;

/** A rule whose state nobody else knows. */
export interface Invariant extends RuleText {
  readonly hears: readonly EntryType[] | 'everything';
  readonly spansClusters: boolean;
  /** For one trace. */
  begin(): Watch;
}

export function invariant<State, T extends EntryType>(rule: Rule<State, T>): Invariant {
  const { id, title, rule: sentence, hears, initial, spansClusters = false } = rule;
  return {
    id,
    title,
    rule: sentence,
    hears,
    spansClusters,
    begin() {
      let state = initial;
      return (entry, known) => {
        // Sound: the checker gives a watch only the types that its rule hears.
        const outcome = rule.step(state, entry as Of<T>, known);
        state = outcome.state;
        return outcome.broken;
      };
    },
  };
}
