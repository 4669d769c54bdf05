import type { KubePod } from '../../ports/kube-objects.ts';
import type { DrainState } from '../../state/drain-state.ts';
import type { NodeId } from '../../state/node-id.ts';
import type { Ask } from './observed.ts';

/** `cordon` and `evict` name the order that they are for, and are refused once that is not asked for any more. */
export type Action =
  | { readonly type: 'report'; readonly drain: DrainState; readonly ifRevision: number }
  | { readonly type: 'cordon'; readonly of: Ask }
  | { readonly type: 'evict'; readonly of: Ask; readonly pod: PodToEvict }
  | { readonly type: 'uncordon'; readonly of: Cordoned; readonly why: string }
  | { readonly type: 'mark-outdated'; readonly node: string }
  | { readonly type: 'unmark-outdated'; readonly node: string };

type PodToEvict = Pick<KubePod, 'namespace' | 'name' | 'uid'>;

/** A Node, and the operation that its cordon was for. */
export interface Cordoned {
  readonly nodeId: NodeId;
  readonly hostname: string;
  readonly operationId: string;
}
