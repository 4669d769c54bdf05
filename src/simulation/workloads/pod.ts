import type { KubeOwner, KubePod } from '../../ports/kube-objects.ts';
import { imageIn } from '../kubernetes-releases.ts';
import { nextUid, type SimulatedCluster } from '../simulated-cluster.ts';
import type { SimulatedPod } from './simulated-pod.ts';
import { type SimulatedWorkload, workloadKey } from './workload.ts';

/** A new pod of a workload; of a DaemonSet, bound to its node from the start. */
export function createPod(
  cluster: SimulatedCluster,
  workload: SimulatedWorkload,
  node: string | null,
): SimulatedPod {
  const { namespace, labels, emptyDir, volume, image, toleratesControlPlane } = workload;
  const pod: SimulatedPod = {
    namespace,
    labels,
    emptyDir,
    volume,
    toleratesControlPlane,
    node,
    uid: nextUid(cluster),
    name: podName(cluster, workload),
    owner: ownerOf(workload),
    workload: workloadKey(workload),
    images: [image],
    phase: 'Pending',
    ready: false,
    terminating: false,
    restarts: 0,
    manifest: '',
    minor: 0,
    boot: 0,
  };
  cluster.pods.set(pod.uid, pod);
  return pod;
}

interface MirroredPod {
  readonly component: string;
  readonly node: string;
  readonly manifest: string;
  readonly minor: number;
  readonly boot: number;
}

/** What shows a static pod in the API. */
export function createMirrorPod(
  cluster: SimulatedCluster,
  { component, node, manifest, minor, boot }: MirroredPod,
): SimulatedPod {
  const pod: SimulatedPod = {
    uid: nextUid(cluster),
    namespace: 'kube-system',
    name: `${component}-${node}`,
    owner: { kind: 'Node', name: node },
    workload: undefined,
    labels: { component, tier: 'control-plane' },
    images: [imageIn(manifest)],
    emptyDir: false,
    volume: false,
    toleratesControlPlane: true,
    node,
    manifest,
    minor,
    boot,
    phase: 'Running',
    ready: true,
    terminating: false,
    restarts: 0,
  };
  cluster.pods.set(pod.uid, pod);
  return pod;
}

export function isMirror({ owner }: SimulatedPod): boolean {
  return owner?.kind === 'Node';
}

export function toKubePod(pod: SimulatedPod): KubePod {
  const { namespace, name, uid, labels, owner, emptyDir, images } = pod;
  const { phase, ready, terminating, restarts } = pod;
  return {
    namespace,
    name,
    uid,
    labels,
    owner,
    emptyDir,
    images,
    phase,
    ready,
    terminating,
    restarts,
    mirror: isMirror(pod),
  };
}

/** Pods of a StatefulSet have the lowest free ordinal, all others a name nobody had before. */
function podName(cluster: SimulatedCluster, workload: SimulatedWorkload): string {
  const { kind, name } = workload;
  const suffix = cluster.objectsMade.toString(36).padStart(5, '0');
  if (kind === 'DaemonSet') return `${name}-${suffix}`;
  if (kind === 'Deployment') return `${name}-${HASH}-${suffix}`;
  const taken = new Set([...cluster.pods.values()].map((pod) => pod.name));
  let ordinal = 0;
  while (taken.has(`${name}-${ordinal}`)) ordinal += 1;
  return `${name}-${ordinal}`;
}

function ownerOf({ kind, name }: SimulatedWorkload): KubeOwner {
  return kind === 'Deployment' ? { kind: 'ReplicaSet', name: `${name}-${HASH}` } : { kind, name };
}

/** Where Kubernetes puts the hash of the pod template. */
const HASH = '5d8f7c9b6d';
