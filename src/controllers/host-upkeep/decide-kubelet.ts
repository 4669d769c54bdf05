import type { Action } from './action.ts';
import { type Course, SOON_MS, STEP_MS, wait } from './course.ts';
import { carryOut } from './decide-work.ts';
import { CONTROL_PLANE_LOOKS, KUBELET_LOOKS, type Recipe } from './recipe.ts';
import { startsPodsAnew } from './trouble.ts';
import type { Work } from './work.ts';

/**
 * The kubelet of this host, and its configuration, become those of the release. One of another minor
 * starts all static pods of a control plane anew.
 */
export function upgradeKubelet(work: Work): Course {
  const held = heldByEtcd(work);
  if (held) return held;
  return carryOut(work, {
    ...RECIPE,
    goodLooks: work.sight.isControlPlane ? CONTROL_PLANE_LOOKS : KUBELET_LOOKS,
  });
}

/** Another member may have gone while kubeadm ran; then this one stays for as long as a step may last. */
function heldByEtcd({ job, sight, order, parts }: Work): Course | undefined {
  const { etcdTrouble, inStateForMs } = sight;
  const before = parts.kubelet ?? order.kubernetesVersion;
  const isAbout = job.progress.state === 'switching' && inStateForMs < STEP_MS;
  if (!isAbout || etcdTrouble === null || !startsPodsAnew(before, order.kubernetesVersion)) {
    return undefined;
  }
  const message = `waiting until etcd can do without its member here: ${etcdTrouble}`;
  return wait(
    'starts the kubelet of the release',
    { reason: 'etcd-not-healthy', message },
    SOON_MS,
  );
}

const RECIPE: Omit<Recipe, 'goodLooks'> = {
  afterCommand: { type: 'kubelet.configured' },
  change: (work) => startWith(work.order.kubernetesVersion, work),
  putBack: (work) => [
    { type: 'put-files-back', task: work.order.task },
    ...(work.job.before?.kubelet ? startWith(work.job.before.kubelet, work) : []),
  ],
};

/**
 * What kubeadm wrote must outlive a power cut before a kubelet depends on it. One of another minor takes
 * unchanged manifests for other pods, and kills those that run without any grace, all at once.
 */
function startWith(kubernetesVersion: string, { sight, parts }: Work): readonly Action[] {
  const kills =
    sight.isControlPlane && startsPodsAnew(parts.kubelet ?? kubernetesVersion, kubernetesVersion);
  return [
    { type: 'sync-files' },
    ...(kills ? [{ type: 'stop-static-pods' } as const] : []),
    { type: 'link-kubernetes', kubernetesVersion },
    { type: 'restart-kubelet' },
  ];
}
