import type { GenesisRecord } from '../state/genesis-record.ts';
import { logCredentials } from './nats-credentials.ts';
import { examineReplica } from './nats-replica-examination.ts';
import type { ReplicaQuestions } from './nats-replica-look.ts';
import { othersHoldAll } from './nats-replica-quorum.ts';
import { portHolder } from './port-holder.ts';

/** The questions, asked by whoever holds the join key. */
export function replicaQuestions(joinKey: Uint8Array): ReplicaQuestions {
  const credentials = (record: GenesisRecord, nodeId: string) =>
    logCredentials(joinKey, record, nodeId, 'system');
  return {
    examine: (replica, record) => examineReplica(replica, credentials(record, replica.nodeId)),
    othersHoldAll: (replica, record, led) =>
      othersHoldAll(replica, record, credentials(record, replica.nodeId), led),
    portHolder,
  };
}
