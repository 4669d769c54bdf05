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
  /** How long the kubelet has run; looked at where it was started anew. */
  readonly kubeletRunsForMs: number | undefined;
  /** Pods that showed its static pods under the kubelet of before; those are to be gone. */
  readonly formerPods: readonly string[];
}

/** One that ends right after its start is not yet seen to by then. */
const KUBELET_SETTLED_MS = 5_000;

/** Parts with the version of the release; etcd has one of its own. */
const RELEASED = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];

/**
 * The first thing that is not yet as it should be, in a sentence without its end; null when all is.
 * Asked is what runs, and never how a command ended.
 */
export function firstTrouble(proof: Proof): string | null {
  const { controlPlane } = proof;
  return (
    (controlPlane && controlPlaneTrouble(controlPlane, proof.apiServer)) ??
    nodeTrouble(proof) ??
    controlPlane?.components.map((each) => podTrouble(each, proof)).find(Boolean) ??
    null
  );
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

function nodeTrouble({ node, kubelet, kubeletRunsForMs }: Proof): string | undefined {
  if (!node) return 'no API server tells of its Node';
  if (!node.ready) return 'its Node is not Ready';
  if (kubelet === undefined) return undefined;
  if (node.kubeletVersion !== kubelet) {
    return `its kubelet is ${node.kubeletVersion} and not yet ${kubelet}`;
  }
  const settled = (kubeletRunsForMs ?? 0) >= KUBELET_SETTLED_MS;
  return settled ? undefined : 'its kubelet was started a moment ago';
}

function podTrouble({ name, image, pod }: ComponentSight, { formerPods }: Proof) {
  if (image === undefined) return undefined;
  if (!pod) return `the API does not show ${name}`;
  if (!pod.images.includes(image)) return `the API shows ${name} as it was before`;
  if (!pod.ready) return `${name} is not Ready`;
  return formerPods.includes(pod.uid) ? `${name} was not started anew` : undefined;
}

/** A kubelet of another minor takes the same manifests for other pods, and starts them anew. */
export function startsPodsAnew(before: string, after: string): boolean {
  return parseKubernetesVersion(before)?.minor !== parseKubernetesVersion(after)?.minor;
}
