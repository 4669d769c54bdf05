import type { Crypto } from '../ports/crypto.ts';
import type { GenesisRecord } from '../state/genesis-record.ts';
import type { NodeId } from '../state/node-id.ts';
import type { Alarms } from './alarms.ts';
import type { GenesisDriver } from './genesis-driver.ts';
import type { RecordKeeper } from './record-keeper.ts';

export interface RecordIntakeDeps {
  readonly alarms: Alarms;
  readonly crypto: Crypto;
  readonly driver: GenesisDriver;
  readonly keeper: RecordKeeper;
  /** The epoch that `driver` decides. */
  readonly epoch: number;
  onFatal(error: unknown): void;
}

/** Takes over a record that a peer told in its hello, unless this node holds one as new. */
export function recordIntake(
  deps: RecordIntakeDeps,
): (from: NodeId, record: GenesisRecord) => void {
  const { alarms, crypto, driver, keeper, epoch, onFatal } = deps;
  return (from, record) => {
    const kept = keeper.record();
    if (kept && kept.epoch >= record.epoch) return;
    if (crypto.enrolmentCa(record.clusterId) !== record.enrolmentCa) {
      alarms.raise(
        `Node ${from} tells of a cluster ${record.clusterId} whose CA is not made from our join key: look at the machine ${from}.`,
      );
      return;
    }
    if (record.epoch === epoch) void driver.receive(from, { type: 'formed', epoch, value: record });
    else keeper.keep(record).catch(onFatal);
  };
}
