import type { NodeId } from '../../state/node-id.ts';
import type { Message } from './message.ts';

/** Another node with the same token digest, as the last hello, its own or relayed, showed it. */
export interface Peer {
  readonly nodeId: NodeId;
  /** It answers this node now. A silent peer still counts as heard of. */
  readonly reachable: boolean;
  /** It holds a record of this epoch. */
  readonly formed: boolean;
}

/** `nowMs` is monotonic within one process; `random` is in [0, 1) and fresh each time. */
export type Input<V> = Happening<V> & { readonly nowMs: number; readonly random: number };

export type Happening<V> =
  | { readonly type: 'tick' }
  /** The whole view of the peers; it replaces the last one. */
  | { readonly type: 'knowledge'; readonly peers: readonly Peer[] }
  /** `from` is who the connection proves the sender to be. */
  | { readonly type: 'message'; readonly from: NodeId; readonly message: Message<V> }
  /** This node gave up on the log of the replaced epoch. To be repeated after a restart. */
  | { readonly type: 'log-never-formed' }
  /** That log did come up: this node takes no part in replacing it. */
  | { readonly type: 'log-formed' }
  /** The effect `stop-replica` is done, and what the replicas left behind shows no sign of a log. */
  | { readonly type: 'replica-stopped'; readonly epoch: number };
