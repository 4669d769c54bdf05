import type { Reasons } from '../../state/decision-event.ts';
import type { NodeId } from '../../state/node-id.ts';
import type { Order } from '../../state/order.ts';
import type { Release } from '../../state/release.ts';
import type { Progress, Rollout } from '../../state/rollout.ts';

interface Write {
  readonly ifRevision: number;
}

export interface OrderAction extends Write {
  readonly type: 'order';
  readonly order: Order;
  /** Absent where only its sponsor is another one. */
  readonly reasons?: Reasons;
}

export interface WithdrawAction extends Write {
  readonly type: 'withdraw';
  readonly term: number;
  readonly nodeId: NodeId;
}

export type Action =
  | { readonly type: 'plan'; readonly rollout: Rollout; readonly reasons: Reasons }
  /** What became of a rollout's steps, and which begin; reasons where people want to know. */
  | (Write & { readonly type: 'note'; readonly progress: Progress; readonly reasons?: Reasons })
  | (Write & { readonly type: 'release'; readonly release: Release })
  | OrderAction
  | WithdrawAction
  /** An old rollout. */
  | (Write & {
      readonly type: 'forget';
      readonly term: number;
      readonly kind: 'rollout' | 'progress';
      readonly planId: string;
    });
