import { enrolment } from '../controllers/enrolment/controller.ts';
import { createFounding } from '../controllers/founding/controller.ts';
import { createHandoverController } from '../controllers/handover/controller.ts';
import { createKubeadmController } from '../controllers/kubeadm/controller.ts';
import { loadbalancer } from '../controllers/loadbalancer/controller.ts';
import { createLogReplica } from '../controllers/log-replica/controller.ts';
import { createMembership } from '../controllers/membership/controller.ts';
import { createRoles } from '../controllers/roles/controller.ts';
import { routes } from '../controllers/routes/controller.ts';
import { type RegisteredController, register } from '../runtime/registered-controller.ts';
import type { GenesisRecord } from '../state/genesis-record.ts';

export interface ControllerOptions {
  /** The newest epoch's record. */
  formed(): GenesisRecord;
  /** True once this node has ever seen an entry of the log. */
  logWorked(): boolean;
}

/** Every controller, in the order in which data flows. */
export function controllersOf({
  formed,
  logWorked,
}: ControllerOptions): readonly RegisteredController[] {
  const { clusterId, spec } = formed();
  return [
    register(createLogReplica({ formed, logWorked })),
    register(createFounding(spec)),
    register(enrolment),
    register(createMembership()),
    register(createRoles(formed)),
    register(loadbalancer),
    register(createKubeadmController({ clusterId, epoch: () => formed().epoch })),
    register(createHandoverController()),
    register(routes),
  ];
}
