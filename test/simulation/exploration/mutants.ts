import { clusterMutants } from './cluster-mutants.ts';
import { formationMutants } from './formation-mutants.ts';
import type { Mutant } from './mutant.ts';

/** One guard broken at a time, each with the invariant that must show it. */
export const mutants: readonly Mutant[] = [...formationMutants, ...clusterMutants];
