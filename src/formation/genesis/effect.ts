import type { NodeId } from '../../state/node-id.ts';
import type { Acceptor } from './acceptor.ts';
import type { Message } from './message.ts';

export type Effect<V> =
  | { readonly type: 'persist'; readonly acceptor: Acceptor<V> }
  | { readonly type: 'send'; readonly to: NodeId; readonly message: Message<V> }
  /** The decision became known here, and is on disk. Comes once in the life of the disk. */
  | { readonly type: 'formed'; readonly value: V }
  /** `from` holds another record of this epoch: another cluster with the same key. */
  | { readonly type: 'foreign-record'; readonly from: NodeId; readonly value: V }
  /**
   * Stop this node's log replicas of `epoch` so that neither restart nor reboot starts them again,
   * then look at what they left: if that log ever had a leader or an entry, start them again and
   * answer `log-formed`, else answer `replica-stopped`. From that answer on there is no way back:
   * they must never start while the stored acceptor says `replicasStopped`.
   */
  | { readonly type: 'stop-replica'; readonly epoch: number };
