import type { Handover } from '../../state/handover.ts';
import type { Join } from './observed.ts';

/** A token that is of no use soon after it was made would be followed by any number of others. */
const AGAIN_AFTER_MS = 3 * 60_000;
/** NTP moves a clock that is about right by less. */
const CLOCK_WAS_SET_MS = 60_000;

/** Names one attempt of one join. */
export function attemptName({ operationId, attempt }: Pick<Join, 'operationId' | 'attempt'>) {
  return `${operationId}/${attempt}`;
}

export function isFor(join: Join, entry: Handover | undefined): boolean {
  return entry !== undefined && attemptName(join) === attemptName(entry);
}

/** Whether there must not be another token for this attempt yet. One made by a wrong clock does not count. */
export function isTooSoon({ handedOver }: Join): boolean {
  if (handedOver === undefined || Math.abs(handedOver.clockSetByMs) >= CLOCK_WAS_SET_MS)
    return false;
  return handedOver.beforeMs < AGAIN_AFTER_MS;
}
