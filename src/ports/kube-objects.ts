import type { LabelSelector } from '../state/label-selector.ts';
import type { WrittenObject } from '../state/object-writers.ts';

/** What decides about a pod's life: its controller, or the node for a mirror pod. */
export interface KubeOwner {
  /** `ReplicaSet`, `DaemonSet`, `StatefulSet`, `Job`, `Node`, or a custom one. */
  readonly kind: string;
  readonly name: string;
}

export interface KubePod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Null for a bare pod, which nobody makes anew. */
  readonly owner: KubeOwner | null;
  /** Shows a static pod of the kubelet; evicting it stops nothing. */
  readonly mirror: boolean;
  /** Whether it keeps data that is lost with the pod. */
  readonly emptyDir: boolean;
  readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown';
  readonly ready: boolean;
  /** Its deletion was asked for, and its kubelet has not confirmed it yet. */
  readonly terminating: boolean;
  /** Of all its containers together. */
  readonly restarts: number;
  readonly images: readonly string[];
}

/** A PodDisruptionBudget, as its controller last counted it. */
export interface KubeDisruptionBudget {
  readonly namespace: string;
  readonly name: string;
  readonly selector: LabelSelector;
  /** How many of its pods may be evicted now. */
  readonly disruptionsAllowed: number;
  readonly currentHealthy: number;
  readonly desiredHealthy: number;
  /** How many pods there would be if all went well. */
  readonly expectedPods: number;
}

export interface KubeTaint {
  readonly key: string;
  readonly value: string;
  readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}

/** What is written on a Node, by people, by us and by Kubernetes itself. */
export interface KubeNodeMarks {
  readonly uid: string;
  /** True while cordoned. */
  readonly unschedulable: boolean;
  /** With those that Kubernetes sets for conditions, `node.kubernetes.io/…`. */
  readonly taints: readonly KubeTaint[];
  readonly labels: Readonly<Record<string, string>>;
}

/** When a kubelet last said that it lives, by the wall clock of its machine. */
export interface KubeNodeLease {
  readonly node: string;
  readonly renewedWallMs: number;
}

/** ConfigMaps of kube-system that kubeadm keeps. */
export type KubeConfigMapName = 'kubeadm-config' | 'kubelet-config' | 'kube-proxy';

export interface KubeConfigMap {
  /** Changes with every write. */
  readonly revision: string;
  readonly data: Readonly<Record<string, string>>;
}

export interface KubeVolumeAttachment {
  readonly name: string;
  /** The PersistentVolume; null for an inline volume. */
  readonly volume: string | null;
  readonly attached: boolean;
}

/** An API that somebody asked for since its API server was started, and that is deprecated. */
export interface KubeDeprecatedApi {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
  /** The first minor release without it, `1.32`; empty where none is decided on. */
  readonly removedRelease: string;
}

/** An API by which objects are read, in all namespaces. */
export interface KubeStoredApi {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

export interface KubeWrittenObjects {
  readonly objects: readonly WrittenObject[];
  /** False where there are more than were looked at. */
  readonly all: boolean;
}

/** What became of an eviction. */
export type Eviction =
  /** The pod is going: its kubelet has yet to end it. */
  | { readonly outcome: 'evicted' }
  /** There is no such pod any more; one of that name is another. */
  | { readonly outcome: 'gone' }
  /** A PodDisruptionBudget stands in the way, in the API server's words. */
  | { readonly outcome: 'refused'; readonly text: string };
