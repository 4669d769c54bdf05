import type { UpkeepEvent } from '../../machines/upkeep.ts';
import type { Action } from './action.ts';
import type { Work } from './work.ts';

/** A second apart: in five seconds a kubelet that ends right after its start is seen to. */
export const KUBELET_LOOKS = 6;
/** Of parts that start anew one after the other. */
export const CONTROL_PLANE_LOOKS = 10;

/** How one kind of order goes about the steps that all have. */
export interface Recipe {
  /** Once kubeadm did its part. */
  readonly afterCommand: UpkeepEvent;
  /** Between kubeadm's part and the proof; only after `kubelet.configured`. */
  readonly change: (work: Work) => readonly Action[];
  /** What brings the host back to how it was. */
  readonly putBack: (work: Work) => readonly Action[];
  /** The static pods are swapped before kubeadm runs, where that is possible. */
  readonly goesAhead?: boolean;
  /** What the way there has left. */
  readonly tidy?: (work: Work) => readonly Action[];
  /** Looks in a row without trouble that are proof. */
  readonly goodLooks: number;
}
