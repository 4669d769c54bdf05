import { configurationMutants } from './configuration-mutants.ts';
import { controllerMutants } from './controller-mutants.ts';
import { formationMutants } from './formation-mutants.ts';
import { growthMutants } from './growth-mutants.ts';
import { hostMutants } from './host-mutants.ts';
import { logMutants } from './log-mutants.ts';
import { moveMutants } from './move-mutants.ts';
import type { Mutant } from './mutant.ts';
import { outcomeMutants } from './outcome-mutants.ts';
import { recoveryMutants } from './recovery-mutants.ts';
import { spareMutants } from './spare-mutants.ts';
import { unreadMutants } from './unread-mutants.ts';
import { upgradeMutants } from './upgrade-mutants.ts';

/** One guard broken at a time, each with the rule that must show it. */
export const mutants: readonly Mutant[] = [
  ...formationMutants,
  ...logMutants,
  ...recoveryMutants,
  ...controllerMutants,
  ...hostMutants,
  ...unreadMutants,
  ...upgradeMutants,
  ...spareMutants,
  ...growthMutants,
  ...moveMutants,
  ...configurationMutants,
  ...outcomeMutants,
];
