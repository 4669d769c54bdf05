import type { NodeId } from './node-id.ts';
import type { ReadableLog } from './readable-log.ts';

/** By how much the wall clock of another node is ahead of our own; null: it has not told lately. */
export interface ClockSight {
  readonly nodeId: NodeId;
  readonly aheadMs: number | null;
}

/** Certificates live for months; real-time clocks without NTP go wrong by minutes in a year. */
const TOLERANCE_MS = 60 * 60_000;

/**
 * Why the wall clock of this host must not judge certificates, or undefined: more than half of the
 * nodes that are not dead, this one among them, have to agree on the time within an hour. So neither
 * a clock that jumped nor one that nobody can compare renews anything (S22).
 */
export function clockDisagreement(sights: readonly ClockSight[]): string | undefined {
  const others = sights.length;
  const told = sights.filter(({ aheadMs }) => aheadMs !== null);
  const agree = told.filter(({ aheadMs }) => Math.abs(aheadMs ?? 0) <= TOLERANCE_MS).length;
  if (2 * (agree + 1) > others + 1) return undefined;
  if (told.length === agree) {
    return `the clocks of ${agree} of ${others} other nodes are known, too few to judge the clock of this host by: bring the others back`;
  }
  return `the clock of this host differs by more than an hour from those of ${told.length - agree} of ${others} other nodes: set it right (\`timedatectl set-ntp true\`)`;
}

/** The same of what was heard of all nodes: whoever is dead by the log is left out. */
export function clockTrouble(
  sights: readonly ClockSight[],
  log: Pick<ReadableLog, 'get'>,
): string | undefined {
  const isDead = (nodeId: NodeId) => log.get('liveness', nodeId)?.value.verdict === 'dead';
  return clockDisagreement(sights.filter(({ nodeId }) => !isDead(nodeId)));
}
