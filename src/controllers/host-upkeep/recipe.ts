import type { UpkeepEvent } from '../../machines/upkeep.ts';
import type { Action } from './action.ts';
import type { Work } from './work.ts';

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
