import type { KubePod } from '../../ports/kube-objects.ts';
import type { Departure } from '../../state/departure.ts';
import type { NodeId } from '../../state/node-id.ts';
import type { Departing } from './observed.ts';

/** Each but the bookkeeping names the departure that it is for, and is refused once that is not asked for any more. */
export type Action =
  | { readonly type: 'report'; readonly departure: Departure; readonly ifRevision: number }
  | { readonly type: 'forget'; readonly nodeId: NodeId; readonly ifRevision: number }
  | { readonly type: 'uncordon'; readonly node: string }
  | { readonly type: 'put-into-service'; readonly node: string }
  | { readonly type: 'cordon'; readonly of: Departing }
  | { readonly type: 'evict'; readonly of: Departing; readonly pod: PodToEvict }
  | { readonly type: 'move-leader'; readonly of: Departing; readonly toId: string }
  | { readonly type: 'save-snapshot'; readonly of: Departing; readonly memberId: string }
  | { readonly type: 'remove-member'; readonly of: Departing; readonly memberId: string }
  | { readonly type: 'declare-out-of-service'; readonly of: Departing }
  | { readonly type: 'delete-node'; readonly of: Departing; readonly uid: string }
  | { readonly type: 'unmark-control-plane'; readonly of: Departing };

type PodToEvict = Pick<KubePod, 'namespace' | 'name' | 'uid'>;
