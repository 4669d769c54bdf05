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

interface Known {
  readonly images: ManifestImages;
  readonly pods: readonly KubePod[] | undefined;
  readonly leaderlessForMs: number;
}

/** What runs of the control plane on this host, beside what its manifests want. */
export async function observeControlPlane(
  ports: Ports,
  { images, pods, leaderlessForMs }: Known,
): Promise<ControlPlaneSight> {
  const { hostname } = ports.self.record;
  const isReady = await ports.kube.localApiServerReady();
  const etcd = await observeEtcd(ports);
  const answers = async (name: string) => {
    if (name === 'etcd') return etcd !== undefined;
    return isAsked(name) ? ports.kube.localComponentHealthy(name) : isReady;
  };
  return {
    apiServer: isReady ? await ports.kube.localApiServerVersion() : undefined,
    etcd,
    leaderlessForMs,
    components: await Promise.all(
      [...images].map(async ([name, image]) => ({
        name,
        image,
        pod: pods?.find((pod) => pod.name === `${name}-${hostname}`),
        answers: await answers(name),
      })),
    ),
  };
}

type Asked = Parameters<Ports['kube']['localComponentHealthy']>[0];

function isAsked(name: string): name is Asked {
  return name === 'kube-controller-manager' || name === 'kube-scheduler';
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
