import type { ReplicaServerView } from '../../ports/replica-servers.ts';
import type { Requeue } from '../../runtime/controller.ts';
import type { GenesisRecord, Replica } from '../../state/genesis-record.ts';
import type { NodeId } from '../../state/node-id.ts';

/**
 * Replicas of an empty log call one early election, 0.1 to 0.8 s after their start, and the next
 * 4 to 9 s later (nats-server 2.15, raft.go: campaign and election timeouts, not configurable).
 * When all three have answered for this long without a leader, the early elections were lost.
 */
const LOST_ELECTION_MS = 1_200;
const LOOK_AGAIN_MS = 200;

export interface Observed {
  readonly self: NodeId;
  readonly record: GenesisRecord;
  readonly servers: readonly ReplicaServerView[];
  /**
   * For how long all three replicas of a log that never worked yet have answered; null when they
   * do not all answer, and once the log worked.
   */
  readonly leaderlessMs: number | null;
  /** False until this node saw the log work for the first time. */
  readonly logWorked: boolean;
}

export type Action =
  | { readonly type: 'start'; readonly replica: Replica; readonly record: GenesisRecord }
  /** Gives an empty replica another early election. */
  | { readonly type: 'restart'; readonly replica: Replica; readonly record: GenesisRecord }
  | { readonly type: 'stop'; readonly serverName: string };

/** Stops come first: a replica of an older epoch may hold the ports of its successor. */
export function decide(observed: Observed): readonly (Action | Requeue)[] {
  const { self, record, servers } = observed;
  const own = record.replicas.filter(({ nodeId }) => nodeId === self);
  const running = servers.filter((server) => server.running).map(({ serverName }) => serverName);

  const stops = running
    .filter((name) => own.every(({ serverName }) => serverName !== name))
    .map((serverName): Action => ({ type: 'stop', serverName }));
  const starts = own
    .filter(({ serverName }) => !running.includes(serverName))
    .map((replica): Action => ({ type: 'start', replica, record }));
  const changes = [...stops, ...starts];
  return changes.length > 0 ? changes : firstElection(observed);
}

/** One replica calls the election, always the same: two at once could split the votes again. */
function firstElection({ self, record, ...seen }: Observed): readonly (Action | Requeue)[] {
  const [replica] = record.replicas;
  if (seen.logWorked || replica?.nodeId !== self) return [];
  if ((seen.leaderlessMs ?? 0) < LOST_ELECTION_MS) {
    return [{ type: 'requeue', afterMs: LOOK_AGAIN_MS }];
  }
  return [{ type: 'restart', replica, record }];
}
