import type { Ports } from '../../ports/index.ts';
import type { KubeNode } from '../../ports/kube.ts';
import type { KubePod } from '../../ports/kube-objects.ts';
import { answered } from './answer.ts';
import type { ManifestImages } from './observe-parts.ts';
import type { ControlPlaneSight, EtcdSight } from './observed.ts';

/** Pods that show static pods of this host; undefined when nobody told. */
export async function mirrorPods({ kube, self }: Ports): Promise<readonly KubePod[] | undefined> {
  const pods = await answered(kube.podsOn(self.record.hostname));
  return pods?.filter(({ mirror }) => mirror);
}

/** What runs of the control plane on this host, beside what its manifests want. */
export async function observeControlPlane(
  ports: Ports,
  images: ManifestImages,
  pods: readonly KubePod[] | undefined,
): Promise<ControlPlaneSight> {
  const { hostname } = ports.self.record;
  const isReady = await ports.kube.localApiServerReady();
  return {
    apiServer: isReady ? await ports.kube.localApiServerVersion() : undefined,
    etcd: await observeEtcd(ports),
    components: [...images].map(([name, image]) => ({
      name,
      image,
      pod: pods?.find((pod) => pod.name === `${name}-${hostname}`),
    })),
  };
}

export function ownNode({ kube, self }: Ports): Promise<KubeNode | undefined> {
  return answered(kube.ownNode(self.record.hostname));
}

async function observeEtcd({ etcd }: Ports): Promise<EtcdSight | undefined> {
  const status = await answered(etcd.ownStatus());
  if (!status) return undefined;
  const { version, leaderId, errors } = status;
  return { version, hasLeader: leaderId !== null, errors };
}
