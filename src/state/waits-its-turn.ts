import type { Wait } from './status.ts';

/** Guards of `upkeep` that close while a step is under way, and open once it is done. */
const TURNS: readonly string[] = ['max-unavailable', 'node-busy'];

/** Whether a rollout only waits for its own step: whoever tells it event by event need not say so. */
export function waitsItsTurn({ reason }: Wait): boolean {
  return TURNS.includes(reason);
}
