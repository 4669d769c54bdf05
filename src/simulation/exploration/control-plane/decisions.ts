import { decide as bootFence } from '../../../controllers/boot-fence/decide.ts';
import { decide as departure } from '../../../controllers/departure/decide.ts';
import { removalTroubleOf } from '../../../controllers/departure/etcd-removal.ts';
import { decide as handover } from '../../../controllers/handover/decide.ts';
import { decide as kubeadm } from '../../../controllers/kubeadm/decide.ts';
import { decide as membership } from '../../../controllers/membership/decide.ts';
import { decide as roles } from '../../../controllers/roles/decide.ts';

/** The decisions that are explored. An argument, so that a test can break one at a time. */
export interface Decisions {
  readonly roles: typeof roles;
  readonly membership: typeof membership;
  readonly kubeadm: typeof kubeadm;
  readonly handover: typeof handover;
  readonly departure: typeof departure;
  /** Asked once more right before a member is removed. */
  readonly removalTrouble: typeof removalTroubleOf;
  readonly bootFence: typeof bootFence;
}

/** Those of the agent, all of them pure. */
export const agentDecisions: Decisions = {
  roles,
  membership,
  kubeadm,
  handover,
  departure,
  removalTrouble: removalTroubleOf,
  bootFence,
};
