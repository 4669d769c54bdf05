import type { ReplicaServerView } from '../../ports/replica-servers.ts';
import type { GenesisRecord } from '../../state/genesis-record.ts';
import type { ReplicaFate } from '../../state/log-report.ts';
import type { NodeId } from '../../state/node-id.ts';
import type { Replicas } from '../../state/replicas.ts';

export interface Observed {
  readonly self: NodeId;
  readonly record: GenesisRecord;
  readonly fate: ReplicaFate;
  /** The newest set that this node knows of. */
  readonly replicas: Replicas;
  /**
   * Who says so. `log`: its copy of the log is up to date; `members`: most of the nodes in that set
   * know no newer one, or nobody could be asked for a minute; `copy`: only what it once wrote down.
   */
  readonly word: 'log' | 'members' | 'copy';
  readonly servers: readonly ReplicaServerView[];
  /** The generation that the running servers were told of; undefined: none yet. */
  readonly toldGeneration: number | undefined;
  /**
   * For how long all three replicas of a log that never worked yet have answered; null when they
   * do not all answer, and once the log worked.
   */
  readonly leaderlessMs: number | null;
  /** How many elections this agent has called anew. */
  readonly restarts: number;
  /** False until this node saw the log work for the first time. */
  readonly logWorked: boolean;
}
