import type { Ports } from '../../ports/index.ts';
import type { ReplicaServerView } from '../../ports/replica-servers.ts';
import { type GenesisRecord, logName } from '../../state/genesis-record.ts';
import type { NodeId } from '../../state/node-id.ts';
import { newestReplicas, type Replicas, runningReplicas } from '../../state/replicas.ts';

/** After a power cut of the whole cluster, nobody may be there to ask: then the old set counts. */
const LONGEST_WAIT_MS = 60_000;
/** A client that lost its replica finds another one within a second or two. */
const LOST_AFTER_MS = 5_000;
const ASK_EVERY_MS = 5_000;
/** The nodes of the set that this one knows of, and a few more in case all of them are gone. */
const OTHERS_ASKED = 3;

/** What one node knows of where the replicas of the log are. */
export interface ReplicaAnswer {
  readonly nodeId: NodeId;
  /** Null: no other set than that of genesis. */
  readonly replicas: Replicas | null;
}

export interface ReplicaQuestion {
  /** Name of the log. */
  readonly log: string;
  readonly nodeIds: readonly NodeId[];
  /** How many other nodes are asked as well. */
  readonly others: number;
  isEnough(answers: readonly ReplicaAnswer[]): boolean;
}

/** Resolves as soon as there are enough answers, else once no more can come; never rejects. */
export type AskMembers = (question: ReplicaQuestion) => Promise<readonly ReplicaAnswer[]>;

interface Asked {
  readonly record: GenesisRecord;
  /** The set in the local copy of the log, or of genesis. */
  readonly copied: Replicas;
  readonly servers: readonly ReplicaServerView[];
}

interface Hearsay {
  readonly replicas: Replicas;
  readonly word: 'log' | 'members' | 'copy';
}

/**
 * Who says where the replicas are. The log itself, once it is there; until then the other nodes, but
 * only if a replica waits for that, or the log was not found for a while. One per process: it
 * remembers for how long.
 */
export function createHearsay(askMembers: AskMembers) {
  let lostSinceMs: number | undefined;
  let askedMs: number | undefined;
  /** Of which log. */
  let about = '';
  let heard: Replicas | undefined;

  function begin(record: GenesisRecord, nowMs: number): number {
    if (about !== logName(record)) {
      [about, heard, lostSinceMs, askedMs] = [logName(record), undefined, undefined, undefined];
    }
    lostSinceMs ??= nowMs;
    return nowMs - lostSinceMs;
  }

  function isDue(lostMs: number, nowMs: number): boolean {
    const sinceMs = askedMs === undefined ? Number.POSITIVE_INFINITY : nowMs - askedMs;
    return lostMs >= LOST_AFTER_MS && sinceMs >= ASK_EVERY_MS;
  }

  async function askOthers(
    asked: Omit<ReplicaQuestion, 'isEnough'>,
    known: Replicas,
    self: NodeId,
  ) {
    const waits = asked.others === 0;
    const answers = await askMembers({
      ...asked,
      isEnough: (some) => waits && mostAgree(newestOf(known, some), some, self),
    });
    heard = newestOf(known, answers);
    return { replicas: heard, agree: mostAgree(heard, answers, self) };
  }

  return {
    async ask({ record, copied, servers }: Asked, ports: Ports): Promise<Hearsay> {
      const { clock, self, store } = ports;
      if (store.synced) {
        lostSinceMs = undefined;
        return { replicas: copied, word: 'log' };
      }
      const lostMs = begin(record, clock.nowMs());
      const known = newestReplicas(copied, heard ? [heard] : []);
      const waits = waitsForWord(known, servers, self.nodeId);
      if (!waits && !isDue(lostMs, clock.nowMs())) return { replicas: known, word: 'copy' };

      askedMs = clock.nowMs();
      const nodeIds = othersIn(known, self.nodeId);
      const others = waits ? 0 : OTHERS_ASKED;
      const asked = { log: logName(record), nodeIds, others };
      const { replicas, agree } = await askOthers(asked, known, self.nodeId);
      return { replicas, word: agree || lostMs >= LONGEST_WAIT_MS ? 'members' : 'copy' };
    },
  };
}

function newestOf(known: Replicas, answers: readonly ReplicaAnswer[]): Replicas {
  return newestReplicas(
    known,
    answers.flatMap(({ replicas }) => replicas ?? []),
  );
}

function othersIn({ replicas }: Replicas, self: NodeId): readonly NodeId[] {
  const nodeIds = new Set(replicas.map(({ nodeId }) => nodeId));
  return [...nodeIds].filter((nodeId) => nodeId !== self);
}

/** A server of this node that ran before and does not run now. */
function waitsForWord(
  known: Replicas,
  servers: readonly ReplicaServerView[],
  self: NodeId,
): boolean {
  const own = runningReplicas(known).filter(({ nodeId }) => nodeId === self);
  return own.some(({ serverName }) =>
    servers.some((server) => server.serverName === serverName && !server.running),
  );
}

/** Whether nodes with most of the replicas, this one among them, answered, and none knows a newer set. */
function mostAgree(
  { replicas }: Replicas,
  answers: readonly ReplicaAnswer[],
  self: NodeId,
): boolean {
  const agreeing = [self, ...answers.map(({ nodeId }) => nodeId)];
  const theirs = replicas.filter(({ nodeId }) => agreeing.includes(nodeId));
  return 2 * theirs.length > replicas.length;
}
