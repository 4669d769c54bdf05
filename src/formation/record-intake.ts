import type { Crypto } from '../ports/crypto.ts';
import type { GenesisRecord } from '../state/genesis-record.ts';
import type { NodeId } from '../state/node-id.ts';
import type { Alarms } from './alarms.ts';
import type { Epochs } from './epochs.ts';
import type { RecordKeeper } from './record-keeper.ts';

export interface RecordIntakeDeps {
  readonly alarms: Alarms;
  readonly crypto: Crypto;
  readonly epochs: Epochs;
  readonly keeper: RecordKeeper;
  onFatal(error: unknown): void;
}

/** Records that were decided elsewhere on their way to this node's disk. */
export interface RecordIntake {
  /** What a peer told in its hello. */
  hear(from: NodeId, record: GenesisRecord): void;
  /** Resolves once it is on disk, in the acceptor first: who has a record votes no more. */
  take(from: NodeId, record: GenesisRecord): Promise<void>;
  /** Makes acceptor and keeper agree after a crash between their writes. */
  resume(self: NodeId): Promise<void>;
}

export function createRecordIntake(deps: RecordIntakeDeps): RecordIntake {
  const { alarms, crypto, epochs, keeper, onFatal } = deps;

  async function take(from: NodeId, record: GenesisRecord): Promise<void> {
    const { epoch } = record;
    await epochs.of(epoch)?.receive(from, { type: 'formed', epoch, value: record });
    await keeper.keep(record);
  }

  return {
    hear(from, record) {
      const kept = keeper.record();
      if (kept && kept.epoch >= record.epoch) return;
      if (crypto.enrolmentCa(record.clusterId) === record.enrolmentCa) {
        take(from, record).catch(onFatal);
      } else {
        alarms.raise(
          `Node ${from} tells of a cluster ${record.clusterId} whose CA is not made from our join key: look at the machine ${from}.`,
        );
      }
    },
    take,
    async resume(self) {
      const known = epochs.current().formed() ?? keeper.record();
      if (known) await take(self, known);
    },
  };
}
