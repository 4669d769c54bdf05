import type { KubeOwner, KubePod } from '../../ports/kube-objects.ts';

/** A pod as the API server knows it. */
export interface SimulatedPod {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly owner: KubeOwner | null;
  /** `workloadKey` of what keeps it; undefined for a bare pod and a mirror pod. */
  readonly workload: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly emptyDir: boolean;
  readonly volume: boolean;
  readonly images: readonly string[];
  readonly toleratesControlPlane: boolean;
  /** Null until it is scheduled. */
  node: string | null;
  phase: KubePod['phase'];
  ready: boolean;
  terminating: boolean;
  restarts: number;
  /** What a mirror pod shows was started from; empty for others. */
  readonly manifest: string;
  /** Of the kubelet that started it; 0 for others. */
  readonly minor: number;
  /** Which boot of its machine a mirror pod was last seen in. */
  boot: number;
}
