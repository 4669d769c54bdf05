import type { ReplicaServerView } from '../../ports/replica-servers.ts';
import type { Requeue } from '../../runtime/controller.ts';
import type { GenesisRecord, Replica } from '../../state/genesis-record.ts';
import type { ReplicaFate } from '../../state/log-report.ts';
import type { NodeId } from '../../state/node-id.ts';

/**
 * Replicas of an empty log call one early election, 0.1 to 0.8 s after their start, and the next
 * 4 to 9 s later (nats-server 2.15, raft.go: campaign and election timeouts, not configurable).
 * When all three have answered for this long without a leader, the early elections were lost.
 */
const LOST_ELECTION_MS = 1_200;
const LOOK_AGAIN_MS = 200;
/** How soon a node that calls no election sees that the log will not come. */
const WATCH_MS = 1_000;

export interface Observed {
  readonly self: NodeId;
  readonly record: GenesisRecord;
  readonly fate: ReplicaFate;
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
  | { readonly type: 'stop'; readonly serverName: string }
  /** Stops this node's replicas for good and reports what they left. */
  | { readonly type: 'retire'; readonly epoch: number; readonly serverNames: readonly string[] };

/** Stops come first: a replica of an older epoch may hold the ports of its successor. */
export function decide(observed: Observed): readonly (Action | Requeue)[] {
  const { self, record, fate, servers } = observed;
  const own = record.replicas.filter(({ nodeId }) => nodeId === self);
  // Also those that do not run: a service manager may bring them back.
  if (fate === 'stop') return [{ type: 'retire', epoch: record.epoch, serverNames: names(own) }];

  const serving = fate === 'serve' ? own : [];
  const running = names(servers.filter((server) => server.running));
  const stops = running
    .filter((name) => !names(serving).includes(name))
    .map((serverName): Action => ({ type: 'stop', serverName }));
  const starts = serving
    .filter(({ serverName }) => !running.includes(serverName))
    .map((replica): Action => ({ type: 'start', replica, record }));
  const changes = [...stops, ...starts];
  if (changes.length > 0) return changes;
  const waiting = problemOf(servers, names(serving));
  return waiting ? [{ type: 'requeue', afterMs: WATCH_MS, waiting }] : firstElection(observed);
}

/** The first that keeps a replica which should serve from doing so. */
function problemOf(servers: Observed['servers'], serving: readonly string[]) {
  return servers.find(({ serverName, problem }) => problem && serving.includes(serverName))
    ?.problem;
}

/** One replica calls the election, always the same: two at once could split the votes again. */
function firstElection({ self, record, fate, ...seen }: Observed): readonly (Action | Requeue)[] {
  if (seen.logWorked) return [];
  const [replica] = record.replicas;
  if (replica?.nodeId !== self || fate !== 'serve') {
    return [{ type: 'requeue', afterMs: WATCH_MS }];
  }
  if ((seen.leaderlessMs ?? 0) < LOST_ELECTION_MS) {
    return [{ type: 'requeue', afterMs: LOOK_AGAIN_MS }];
  }
  return [{ type: 'restart', replica, record }];
}

function names(servers: readonly { readonly serverName: string }[]): readonly string[] {
  return servers.map(({ serverName }) => serverName);
}
