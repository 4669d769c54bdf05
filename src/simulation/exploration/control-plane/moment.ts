import type { Deed } from './deed.ts';
import type { Place } from './place.ts';

/** One look at a move: all places before and after it. */
export interface Moment {
  readonly before: readonly Place[];
  readonly after: readonly Place[];
  readonly deeds: readonly Deed[];
}

/** The sentence that says how a move breaks it, or undefined. */
export type Rule = (moment: Moment) => string | undefined;

/** Of the first deed that breaks a rule. */
export function firstOf(
  deeds: readonly Deed[],
  broken: (deed: Deed) => string | undefined,
): string | undefined {
  for (const deed of deeds) {
    const sentence = broken(deed);
    if (sentence !== undefined) return sentence;
  }
  return undefined;
}
