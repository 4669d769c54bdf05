import type { Exploration } from '../../../src/simulation/exploration/explore.ts';

/** The agent with one thing wrong, in a scope in which that must show. */
export interface Mutant {
  /** What is wrong. */
  readonly name: string;
  /** The invariant that it breaks, or `goal`. */
  readonly breaks: string;
  /** Explores the scope, testing that invariant only. */
  explore(): Exploration;
  /** The same without the mutation, to see that the scope as such is sound. */
  exploreSound(): Exploration;
}
