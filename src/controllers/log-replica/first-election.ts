import type { Requeue } from '../../state/requeue.ts';
import type { Action } from './action.ts';
import type { Observed } from './observed.ts';

/**
 * Replicas of an empty log call one early election, 0.1 to 0.8 s after their start, and the next
 * 4 to 9 s later (nats-server 2.15, raft.go: campaign and election timeouts, not configurable).
 * When all three have answered for this long without a leader, the early elections were lost.
 */
const LOST_ELECTION_MS = 1_200;
/** Longer than NATS itself takes to call the next one: more patience would only lose time. */
const LONGEST_PATIENCE_MS = 20_000;
const LOOK_AGAIN_MS = 200;
/** How soon a node that calls no election sees that the log will not come. */
const WATCH_MS = 1_000;

/** One replica calls the election, always the same: two at once could split the votes again. */
export function firstElection({
  self,
  record,
  fate,
  ...seen
}: Observed): readonly (Action | Requeue)[] {
  if (seen.logWorked) return [];
  const [replica] = record.replicas;
  if (replica?.nodeId !== self || fate !== 'serve') {
    return [{ type: 'requeue', afterMs: WATCH_MS }];
  }
  if ((seen.leaderlessMs ?? 0) < patienceMs(seen.restarts)) {
    return [{ type: 'requeue', afterMs: LOOK_AGAIN_MS }];
  }
  return [{ type: 'restart', replica, record }];
}

/** Doubles each time: on a busy machine an election takes longer, and a restart ends the one under way. */
function patienceMs(restarts: number): number {
  return Math.min(LOST_ELECTION_MS * 2 ** restarts, LONGEST_PATIENCE_MS);
}
