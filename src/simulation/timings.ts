/**
 * How long things take on the simulated machines, in milliseconds at speed 1. The sums are those of
 * real machines of the lab: `kubeadm init` 7 s, a control plane joins in 8 to 10 s (10 s more when
 * the manifests folder was missing), a worker in 1.6 s and is Ready 1 s later.
 */
export const TIMINGS = {
  kubeletStartMs: 400,
  kubeletRegistersMs: 200,
  tlsBootstrapMs: 300,
  nodeBecomesReadyMs: 1_000,
  podStartMs: 500,
  podStopMs: 2_000,
  /** A kubelet that found no manifests folder looks again every 20 s. */
  podStartUnwatchedMs: 10_000,
  etcdStartMs: 600,
  etcdElectionMs: 1_000,
  /** etcd's HealthInterval: members are added only while all voters were connected that long. */
  etcdSteadyMs: 5_000,
  etcdLearnerSyncMs: 1_500,
  apiServerStartMs: 1_800,
  controllerManagerStartMs: 500,
  /** Lease of the controller manager's leader election, 15 s and a retry. */
  controllerManagerFailoverMs: 17_000,
  /** node-monitor-grace-period since Kubernetes 1.32 unless the cluster's configuration says otherwise. */
  nodeMonitorGraceMs: 50_000,
  /** The kernel writes dirty pages back after 30 s (vm.dirty_expire_centisecs). */
  diskWriteBackMs: 30_000,
} as const;

/** Phases of kubeadm that only work; what they wait for comes on top. */
export const PHASE_TIMINGS = {
  preflightMs: 400,
  certsMs: 500,
  kubeconfigMs: 300,
  manifestMs: 50,
  kubeletStartMs: 200,
  etcdMemberAddMs: 100,
  apiCallMs: 100,
  addonMs: 200,
  resetMs: 1_500,
  imagePullMs: 5_000,
} as const;

/** Intervals kubeadm polls with (its constants package). */
export const POLL = {
  apiCallMs: 500,
  etcdCallMs: 500,
  discoveryMs: 5_000,
  tlsBootstrapMs: 1_000,
} as const;
