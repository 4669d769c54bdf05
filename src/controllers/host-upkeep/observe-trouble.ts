import type { Ports } from '../../ports/index.ts';
import type { KubePod } from '../../ports/kube-objects.ts';
import type { Job } from './job.ts';
import type { ManifestImages } from './observe-parts.ts';
import { observeControlPlane, ownNode } from './observe-proof.ts';
import type { Sight } from './observed.ts';
import {
  firstTrouble,
  firstUntold,
  type Proof,
  serversTrouble,
  startsPodsAnew,
} from './trouble.ts';
import { changedManifests } from './upgrade-files.ts';

/** By then a kubelet has started anew what it will: it may know the manifests of its predecessor. */
const ANEW_BY_MS = 60_000;

interface Question {
  readonly job: Job;
  readonly images: ManifestImages;
  readonly pods: readonly KubePod[] | undefined;
  readonly inStateForMs: number;
  /** How long the present row of looks has lasted. */
  readonly watchedForMs: number;
  /** For how long the controller manager of the cluster that leads has not been heard. */
  readonly leaderlessForMs: number;
  /** Manifests are not where they tell what this host is. */
  readonly isParked: boolean;
}

type Found = Pick<Sight, 'trouble' | 'untold'>;

/** What is not yet as it should be after a change, or after a change was taken back; nothing before. */
export async function observeTrouble(ports: Ports, question: Question): Promise<Found> {
  const { job, images } = question;
  const { state } = job.progress;
  if (state !== 'starting' && state !== 'verifying' && state !== 'settling') return found(null);
  if (question.isParked) return found('what a boot set aside is not back in its place');
  const isControlPlane = images.get('kube-apiserver') !== undefined;
  const controlPlane = isControlPlane ? await observeControlPlane(ports, question) : undefined;
  if (!controlPlane && job.task === 'upgrade-control-plane') return found('its manifests are gone');
  // What shows them in the API may come later, while kubeadm works.
  if (state === 'starting') return found(serversTrouble(controlPlane, job.kubernetesVersion));
  const expected = state === 'verifying' ? await afterwards(ports, question) : before(job);
  const proof = {
    ...expected,
    watchedForMs: question.watchedForMs,
    controlPlane,
    node: await ownNode(ports),
    kubeletRunsForMs:
      expected.kubelet === undefined ? undefined : await ports.host.kubeletRunsForMs(),
  };
  return { trouble: firstTrouble(proof), untold: firstUntold(proof) };
}

function found(trouble: string | null): Found {
  return { trouble, untold: null };
}

type Expected = Pick<Proof, 'apiServer' | 'kubelet' | 'formerPods' | 'keptPods'>;

async function afterwards({ files }: Ports, question: Question): Promise<Expected> {
  const { job, inStateForMs } = question;
  const { task, kubernetesVersion, before: former } = job;
  if (task === 'reconfigure') {
    const unchanged = unchangedPods(question, await changedManifests(files));
    const formerPods = (former?.mirrorPods ?? []).filter((uid) => !unchanged.has(uid));
    return { ...before(job), apiServer: kubernetesVersion, formerPods, keptPods: [...unchanged] };
  }
  if (task !== 'upgrade-kubelet') {
    return { apiServer: kubernetesVersion, kubelet: undefined, formerPods: [], keptPods: [] };
  }
  const anew = startsPodsAnew(former?.kubelet ?? kubernetesVersion, kubernetesVersion);
  const formerPods = anew && inStateForMs < ANEW_BY_MS ? former?.mirrorPods : [];
  const keptPods = anew ? [] : (former?.mirrorPods ?? []);
  return {
    apiServer: undefined,
    kubelet: kubernetesVersion,
    formerPods: formerPods ?? [],
    keptPods,
  };
}

/** Images are the same: what shows a static pod of before is told from the new one by its uid. */
function unchangedPods({ pods = [], images }: Question, changed: readonly string[]) {
  const components = [...images.keys()].filter((name) => !changed.includes(name));
  const isOf = (name: string) => components.some((each) => name.startsWith(`${each}-`));
  return new Set(pods.filter(({ name }) => isOf(name)).map(({ uid }) => uid));
}

function before({ task, before: former }: Job): Expected {
  const kubelet = task === 'upgrade-control-plane' ? undefined : (former?.kubelet ?? undefined);
  return { apiServer: undefined, kubelet, formerPods: [], keptPods: [] };
}
