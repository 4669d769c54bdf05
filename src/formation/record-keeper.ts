import type { Clock } from '../ports/clock.ts';
import type { Durable } from '../ports/durable.ts';
import type { Log } from '../ports/log.ts';
import { type GenesisRecord, genesisRecordSchema } from '../state/genesis-record.ts';
import { writeUntilRoom } from './write-until-room.ts';

/** Name of the file with the genesis record of the latest epoch. */
export const FORMED_FILE = 'formed';

/** The genesis record of this node, on disk and in memory. */
export interface RecordKeeper {
  /** Null until one is on disk. */
  record(): GenesisRecord | null;
  /**
   * Resolves once the record is on disk: the first one this node gets, or one of the same cluster
   * and a later epoch. Any other is left alone. Rejects when the disk fails.
   */
  keep(record: GenesisRecord): Promise<void>;
}

export interface RecordKeeperDeps {
  readonly clock: Clock;
  readonly durable: Durable;
  readonly log: Log;
  /** It is on disk. Later ones wait until this is done. */
  onKept(record: GenesisRecord): Promise<void>;
}

/** Reads the record of an earlier start. Rejects like `Durable.read`. */
export async function openRecordKeeper(deps: RecordKeeperDeps): Promise<RecordKeeper> {
  const { durable, log, onKept } = deps;
  let kept = (await durable.read(FORMED_FILE, genesisRecordSchema)) ?? null;
  let inTurn: Promise<void> = Promise.resolve();

  async function take(record: GenesisRecord): Promise<void> {
    if (kept !== null && !isSuccessor(kept, record)) return;
    await writeUntilRoom(deps, FORMED_FILE, record);
    kept = record;
    const { clusterId, epoch } = record;
    log.info({ event: 'genesis.formed', clusterId, epoch }, 'genesis formed');
    await onKept(record);
  }

  return {
    record: () => kept,
    keep(record) {
      const turn = inTurn.then(() => take(record));
      inTurn = turn.catch(() => undefined);
      return turn;
    },
  };
}

function isSuccessor(kept: GenesisRecord, { clusterId, epoch }: GenesisRecord): boolean {
  return kept.clusterId === clusterId && kept.epoch < epoch;
}
