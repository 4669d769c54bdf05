import { canonicalJson } from '../state/canonical-json.ts';
import type { GenesisRecord } from '../state/genesis-record.ts';
import { type GenesisConfig, genesisTimings, type Timings } from './genesis/config.ts';
import type { ReplacedEpoch } from './genesis/quorum.ts';
import {
  createGenesisDriver,
  type GenesisDriver,
  type GenesisDriverDeps,
} from './genesis-driver.ts';
import { type RecordProposerDeps, recordProposer } from './record-proposer.ts';

export interface EpochsDeps
  extends Omit<GenesisDriverDeps, 'config'>,
    Omit<RecordProposerDeps, 'epoch' | 'before'> {
  readonly timings?: Timings;
}

/** The genesis of the epoch that this node lacks, and of the one that it has last. */
export interface Epochs {
  /** Of the epoch after the newest record. */
  current(): GenesisDriver;
  /** Undefined for an epoch that is long over, or that has to wait for the record before it. */
  of(epoch: number): GenesisDriver | undefined;
  /** From now on it is about the epoch after this record, before which all others end. */
  follow(record: GenesisRecord): Promise<void>;
}

/** Begins where the disk left off. Rejects like `Durable.read`. */
export async function openEpochs(deps: EpochsDeps, kept: GenesisRecord | null): Promise<Epochs> {
  const open = (epoch: number, before: GenesisRecord | null): Promise<GenesisDriver> =>
    createGenesisDriver({ ...deps, config: configOf(deps, epoch, before) });
  let newest = kept?.epoch ?? 0;
  let last = kept ? await open(newest, null) : undefined;
  let current = await open(newest + 1, kept);

  return {
    current: () => current,
    of(epoch) {
      if (epoch === newest + 1) return current;
      return epoch === newest ? last : undefined;
    },
    async follow(record) {
      const next = await open(record.epoch + 1, record);
      last = record.epoch === newest + 1 ? current : undefined;
      newest = record.epoch;
      current = next;
    },
  };
}

function configOf(
  deps: EpochsDeps,
  epoch: number,
  before: GenesisRecord | null,
): GenesisConfig<GenesisRecord> {
  const { self, expectedNodes, timings = genesisTimings } = deps;
  return {
    nodeId: self.nodeId,
    instance: { epoch, expectedNodes, replaces: before && replacedBy(before) },
    timings,
    propose: recordProposer({ ...deps, before }),
    idOf: canonicalJson,
  };
}

function replacedBy({ epoch, replicas }: GenesisRecord): ReplacedEpoch {
  return { epoch, replicas: replicas.map(({ nodeId }) => nodeId) };
}
