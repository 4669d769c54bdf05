import { z } from 'zod';
import { type GenesisRecord, type Replica, replicaSchema } from './genesis-record.ts';

/** Genesis numbers three servers for each epoch; a replica that was moved has a number above these. */
const MOVED_NUMBERS_FROM = 1_000_000;

/**
 * Where the replicas of the log are wanted: key `current`, written only by the leader. Absent: where
 * genesis put them. No server name that was ever missing from it comes back.
 */
export const replicaSetSchema = z.strictObject({
  /** Grows by one with each write. */
  generation: z.int().min(1),
  term: z.int().min(1),
  replicas: z.array(replicaSchema).length(3),
  /** Its place was given away: it goes on until the log does without it; null: all moves are over. */
  leaving: replicaSchema.nullable(),
});

export type ReplicaSet = z.infer<typeof replicaSetSchema>;

/** The set as it stands; generation 0 is that of genesis. */
export type Replicas = Omit<ReplicaSet, 'term'>;

export function genesisReplicas({ replicas }: Pick<GenesisRecord, 'replicas'>): Replicas {
  return { generation: 0, replicas, leaving: null };
}

export function replicasOf(
  record: Pick<GenesisRecord, 'replicas'>,
  entry: { readonly value: ReplicaSet } | undefined,
): Replicas {
  return entry?.value ?? genesisReplicas(record);
}

/** Of sets of one log: the one that was written last. */
export function newestReplicas(known: Replicas, others: readonly Replicas[]): Replicas {
  return others.reduce(
    (newest, each) => (each.generation > newest.generation ? each : newest),
    known,
  );
}

/** All that may run: those wanted, and the one that still goes on. */
export function runningReplicas({ replicas, leaving }: Replicas): readonly Replica[] {
  return leaving ? [...replicas, leaving] : replicas;
}

/** What a replica is started from: the record of its log, with the set in the place of the first three. */
export function recordFor(
  { serverName }: Replica,
  { replicas, leaving }: Replicas,
  record: GenesisRecord,
): GenesisRecord {
  const isLeaving = leaving?.serverName === serverName;
  if (!isLeaving) return { ...record, replicas: [...replicas] };
  const others = replicas.toSorted((a, b) => numberOf(a) - numberOf(b)).slice(0, -1);
  return { ...record, replicas: [leaving, ...others] };
}

/** Name of the server on a node that the set of this generation brings in. */
export function movedServerName(nodeId: string, generation: number): string {
  return `${nodeId}-${MOVED_NUMBERS_FROM + generation}`;
}

/** Whether a server is, or was, a replica of the log of this record. */
export function isOfLog(
  serverName: string,
  { replicas }: Pick<GenesisRecord, 'replicas'>,
): boolean {
  const isFirst = replicas.some((replica) => replica.serverName === serverName);
  return isFirst || numberOf({ serverName }) > MOVED_NUMBERS_FROM;
}

function numberOf({ serverName }: Pick<Replica, 'serverName'>): number {
  return Number(serverName.slice(serverName.lastIndexOf('-') + 1));
}
