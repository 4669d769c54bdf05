import type { Ports } from '../../ports/index.ts';
import type { KubePod } from '../../ports/kube-objects.ts';
import type { Job } from './job.ts';
import type { ManifestImages } from './observe-parts.ts';
import { observeControlPlane, ownNode } from './observe-proof.ts';
import { firstTrouble, type Proof, serversTrouble, startsPodsAnew } from './trouble.ts';

/** By then a kubelet has started anew what it will: it may know the manifests of its predecessor. */
const ANEW_BY_MS = 60_000;

interface Question {
  readonly job: Job;
  readonly images: ManifestImages;
  readonly pods: readonly KubePod[] | undefined;
  readonly inStateForMs: number;
  /** Manifests are not where they tell what this host is. */
  readonly isParked: boolean;
}

/** What is not yet as it should be after a change, or after a change was taken back; null before. */
export async function observeTrouble(ports: Ports, question: Question): Promise<string | null> {
  const { job, images, pods } = question;
  const { state } = job.progress;
  if (state !== 'starting' && state !== 'verifying' && state !== 'settling') return null;
  if (question.isParked) return 'what a boot set aside is not back in its place';
  const isControlPlane = images.get('kube-apiserver') !== undefined;
  const controlPlane = isControlPlane ? await observeControlPlane(ports, images, pods) : undefined;
  if (!controlPlane && job.task === 'upgrade-control-plane') return 'its manifests are gone';
  // What shows them in the API may come later, while kubeadm works.
  if (state === 'starting') return serversTrouble(controlPlane, job.kubernetesVersion);
  const expected = state === 'verifying' ? afterwards(question) : before(job);
  return firstTrouble({
    ...expected,
    controlPlane,
    node: await ownNode(ports),
    kubeletRunsForMs:
      expected.kubelet === undefined ? undefined : await ports.host.kubeletRunsForMs(),
  });
}

type Expected = Pick<Proof, 'apiServer' | 'kubelet' | 'formerPods'>;

function afterwards({ job, inStateForMs }: Question): Expected {
  const { task, kubernetesVersion, before: former } = job;
  if (task === 'reconfigure') return { ...before(job), apiServer: kubernetesVersion };
  if (task !== 'upgrade-kubelet') {
    return { apiServer: kubernetesVersion, kubelet: undefined, formerPods: [] };
  }
  const anew = startsPodsAnew(former?.kubelet ?? kubernetesVersion, kubernetesVersion);
  const formerPods = anew && inStateForMs < ANEW_BY_MS ? former?.mirrorPods : [];
  return { apiServer: undefined, kubelet: kubernetesVersion, formerPods: formerPods ?? [] };
}

function before({ task, before: former }: Job): Expected {
  const kubelet = task === 'upgrade-control-plane' ? undefined : (former?.kubelet ?? undefined);
  return { apiServer: undefined, kubelet, formerPods: [] };
}
