import type { Reasons } from '../../state/decision-event.ts';
import type { Node } from '../../state/node.ts';

/** What is made so. Each is harmless when it is so already. */
type Change =
  /** Not after `untilMs` of the monotonic clock: the host may be cleaned by then. */
  | { readonly type: 'promote-learner'; readonly memberId: string; readonly untilMs: number }
  /** Gives a Node the taint and labels that the last phase of `kubeadm join` would have. */
  | { readonly type: 'mark-control-plane'; readonly hostname: string }
  | { readonly type: 'drop-learner'; readonly memberId: string }
  | { readonly type: 'update-peer-url'; readonly memberId: string; readonly peerUrl: string };

export type Action = Change & {
  /** Null for a member of which nobody knows whose it is. */
  readonly about: Pick<Node, 'nodeId' | 'hostname'> | null;
  readonly operationId: string | null;
  readonly reasons: Reasons;
};
