import { RetryableError } from '../errors.ts';

/**
 * Refuses a decision of one term when the agent leads in another one, or in none, by now (S10).
 * Throws RetryableError `leadership.lost`. Called right before each write of a leader.
 */
export function refuseLostTerm(decidedIn: number, leadsIn: number | undefined): void {
  if (decidedIn === leadsIn) return;
  const now = leadsIn === undefined ? 'this agent does not lead' : `it leads in term ${leadsIn}`;
  throw new RetryableError(
    'leadership.lost',
    `a decision of term ${decidedIn} was dropped because ${now} now: whoever leads decides again`,
  );
}
