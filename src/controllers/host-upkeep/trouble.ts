import type { KubeNode } from '../../ports/kube.ts';
import { parseKubernetesVersion } from '../../state/kubernetes-version.ts';
import { versionOfImage } from '../../state/static-pod-image.ts';
import type { ComponentSight, ControlPlaneSight, EtcdSight } from './observed.ts';

/** What a host should come to, and what there is to see of it. */
export interface Proof {
  /** Of the release; undefined: whatever the manifests say. */
  readonly apiServer: string | undefined;
  readonly kubelet: string | undefined;
  /** Absent on workers. */
  readonly controlPlane: ControlPlaneSight | undefined;
  readonly node: KubeNode | undefined;
  /** How long the kubelet has run, while it does; looked at where it was started anew. */
  readonly kubeletRunsForMs: number | undefined;
  /** For how long nothing was found amiss, look after look. */
  readonly watchedForMs: number;
  /** Pods that show static pods which were not to be touched: only their kubelet was started anew. */
  readonly keptPods: readonly string[];
  /** Pods that showed its static pods under the kubelet of before; those are to be gone. */
  readonly formerPods: readonly string[];
}

/** Parts with the version of the release; etcd has one of its own. */
const RELEASED = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];

/** One that leads says so every two seconds. */
const LEADERLESS_MS = 6_000;

/**
 * The first thing that is not yet as it should be, in a sentence without its end; null when all is.
 * Asked is what runs, and never how a command ended.
 */
export function firstTrouble(proof: Proof): string | null {
  const { controlPlane } = proof;
  return (
    (controlPlane && controlPlaneTrouble(controlPlane, proof.apiServer)) ??
    nodeTrouble(proof) ??
    (controlPlane && leaderTrouble(controlPlane)) ??
    controlPlane?.components.map((each) => podTrouble(each, proof)).find(Boolean) ??
    null
  );
}

/** What the kubelet has yet to say of parts that answer by themselves; null when all is said. */
export function firstUntold({ controlPlane }: Pick<Proof, 'controlPlane'>): string | null {
  const untold = controlPlane?.components.find(({ pod }) => pod && !pod.ready);
  return untold ? `its kubelet does not say yet that ${untold.name} is Ready` : null;
}

/** The same of API server and etcd alone. */
export function serversTrouble(
  controlPlane: ControlPlaneSight | undefined,
  wanted: string,
): string | null {
  if (!controlPlane) return 'its manifests are gone';
  return controlPlaneTrouble(controlPlane, wanted) ?? null;
}

function controlPlaneTrouble(
  { apiServer, etcd, components }: ControlPlaneSight,
  wanted: string | undefined,
): string | undefined {
  const images = new Map(components.map(({ name, image }) => [name, image]));
  const behind = RELEASED.find((name) => {
    const version = versionOfImage(images.get(name) ?? '');
    return version === undefined || (wanted !== undefined && version !== wanted);
  });
  if (behind !== undefined)
    return `the manifest of ${behind} does not name ${wanted ?? 'an image'}`;
  if (apiServer === undefined) return 'its API server does not answer /readyz';
  const expected = versionOfImage(images.get('kube-apiserver') ?? '');
  if (apiServer !== expected) return `its API server is ${apiServer} and not yet ${expected}`;
  return etcdTrouble(etcd, versionOfImage(images.get('etcd') ?? ''));
}

function etcdTrouble(etcd: EtcdSight | undefined, wanted: string | undefined): string | undefined {
  if (!etcd) return 'its member of etcd does not answer';
  if (etcd.version !== wanted) return `its member of etcd is ${etcd.version} and not yet ${wanted}`;
  if (!etcd.hasLeader) return 'its member of etcd knows of no leader';
  const [error] = etcd.errors;
  return error === undefined ? undefined : `its member of etcd says: ${error.trim()}`;
}

/**
 * Whoever gives pods away next depends on it: without one, services go on sending to pods that have ended.
 */
function leaderTrouble({ leaderlessForMs }: ControlPlaneSight): string | undefined {
  if (leaderlessForMs < LEADERLESS_MS) return undefined;
  return 'no controller manager of the cluster leads';
}

function nodeTrouble(proof: Proof): string | undefined {
  const { node, kubelet, kubeletRunsForMs, watchedForMs } = proof;
  if (!node) return 'no API server tells of its Node';
  if (!node.ready) return 'its Node is not Ready';
  if (kubelet === undefined) return undefined;
  if (node.kubeletVersion !== kubelet) {
    return `its kubelet is ${node.kubeletVersion} and not yet ${kubelet}`;
  }
  if (kubeletRunsForMs === undefined) return 'its kubelet does not run';
  // It ended between two looks, and others are to show that it stays.
  return kubeletRunsForMs < watchedForMs ? 'its kubelet was started anew' : undefined;
}

/**
 * A kubelet that was started anew probes what runs only after a while of its own choice, ten seconds at
 * most, and until then says of each pod that it is not Ready. Whoever answers meanwhile was not touched by that.
 */
function podTrouble({ name, image, pod, answers }: ComponentSight, proof: Proof) {
  const { formerPods, keptPods } = proof;
  if (image === undefined) return undefined;
  if (!pod) return `the API does not show ${name}`;
  if (!pod.images.includes(image)) return `the API shows ${name} as it was before`;
  const isUntold = answers && keptPods.includes(pod.uid);
  if (!pod.ready && !isUntold) return `${name} is not Ready`;
  return formerPods.includes(pod.uid) ? `${name} was not started anew` : undefined;
}

/** A kubelet of another minor takes the same manifests for other pods, and starts them anew. */
export function startsPodsAnew(before: string, after: string): boolean {
  return parseKubernetesVersion(before)?.minor !== parseKubernetesVersion(after)?.minor;
}
