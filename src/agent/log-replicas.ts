import type { Store } from '../ports/store.ts';
import type { GenesisRecord, Replica } from '../state/genesis-record.ts';
import { SINGLETON } from '../state/kinds.ts';
import { replicasOf, runningReplicas } from '../state/replicas.ts';

/** Replicas that the log counts on now, one that is about to go among them. */
export function logReplicas(
  record: GenesisRecord | null,
  store: Pick<Store, 'get'>,
): readonly Replica[] {
  return record ? runningReplicas(replicasOf(record, store.get('replicas', SINGLETON))) : [];
}
