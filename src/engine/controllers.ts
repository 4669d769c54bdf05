import { createBootFence } from '../controllers/boot-fence/controller.ts';
import { createCertificates } from '../controllers/certificates/controller.ts';
import { createDeparture } from '../controllers/departure/controller.ts';
import { createDrain } from '../controllers/drain/controller.ts';
import { createDrift } from '../controllers/drift/controller.ts';
import { createEnrolment } from '../controllers/enrolment/controller.ts';
import { createEtcdController } from '../controllers/etcd/controller.ts';
import { createFounding } from '../controllers/founding/controller.ts';
import { createHandoverController } from '../controllers/handover/controller.ts';
import { createHostUpkeep } from '../controllers/host-upkeep/controller.ts';
import { createKubeadmController } from '../controllers/kubeadm/controller.ts';
import { loadbalancer } from '../controllers/loadbalancer/controller.ts';
import { createLogReplica, type LogReplicaOptions } from '../controllers/log-replica/controller.ts';
import { createMembership } from '../controllers/membership/controller.ts';
import { createNodeAddress } from '../controllers/node-address/controller.ts';
import { createReplicas } from '../controllers/replicas/controller.ts';
import { createRoles } from '../controllers/roles/controller.ts';
import { routes } from '../controllers/routes/controller.ts';
import { createSurvey } from '../controllers/survey/controller.ts';
import { createUpkeep } from '../controllers/upkeep/controller.ts';
import { type RegisteredController, register } from '../runtime/registered-controller.ts';

export type ControllerOptions = LogReplicaOptions;

/** Every controller, in the order in which data flows. */
export function controllersOf(options: ControllerOptions): readonly RegisteredController[] {
  const { formed } = options;
  const { clusterId, spec } = formed();
  return [
    register(createLogReplica(options)),
    register(createFounding(spec)),
    register(createEnrolment()),
    register(createMembership()),
    register(createRoles(formed)),
    register(createUpkeep()),
    register(createReplicas(formed)),
    register(loadbalancer),
    register(createBootFence()),
    register(createKubeadmController({ clusterId, epoch: () => formed().epoch })),
    register(createHostUpkeep({ epoch: () => formed().epoch })),
    register(createHandoverController()),
    register(createCertificates({ epoch: () => formed().epoch })),
    register(createDeparture()),
    register(createDrain()),
    register(createSurvey()),
    register(createEtcdController()),
    register(createNodeAddress(clusterId)),
    register(createDrift(clusterId)),
    register(routes),
  ];
}
