/** Stands among the ids of invariants for: the goal can always be reached. */
export const GOAL = 'goal';

/** One move of a system from one state to the next. */
export interface Step<S, D> {
  /** What happens, for people; `#0`, `#1` … stand for the nodes of the state it starts from. */
  readonly name: string;
  readonly next: S;
  /** What is done to the world in this move, in order, as far as an invariant looks at it. */
  readonly deeds: readonly D[];
}

/** What must hold of every move. */
export interface Invariant<S, D> {
  /** As the catalogue of invariants numbers it: `S2`. */
  readonly id: string;
  readonly says: string;
  /** The sentence that says how this move breaks it (`#0` … as in a step), or undefined. */
  brokenBy(before: S, step: Step<S, D>): string | undefined;
}

/** A state in which interchangeable nodes stand in a fixed order. */
export interface Canonical<S> {
  readonly state: S;
  /** Who stands where now: the index before, by the index after. */
  readonly order: readonly number[];
}

/** Everything that can happen, from one beginning. Pure: the same state has the same successors. */
export interface TransitionSystem<S, D> {
  /** Names of the nodes in the initial state. */
  readonly nodes: readonly string[];
  readonly initial: S;
  readonly invariants: readonly Invariant<S, D>[];
  /** Every move from a state, always in the same order; faults, for as long as their budget lasts. */
  successors(state: S): readonly Step<S, D>[];
  canonical(state: S): Canonical<S>;
  /** Equal for equal states only. */
  key(state: S): string;
  /** Where every state must be able to get to, however far it went astray; absent: not asked. */
  readonly isGoal?: (state: S) => boolean;
}
