/**
 * How long things take on the simulated machines, in milliseconds at speed 1. The sums are those of
 * real machines of the lab: `kubeadm init` 7 s, a control plane joins in 8 to 10 s (longer when the
 * manifests folder was missing, or when its API server answers only after its kubelet asked for a
 * certificate for the third time), a worker in 1.6 s and is Ready 1 s later.
 */
export const TIMINGS = {
  kubeletStartMs: 400,
  kubeletRegistersMs: 200,
  tlsBootstrapMs: 300,
  nodeBecomesReadyMs: 1_000,
  podStartMs: 500,
  podStopMs: 2_000,
  /** It finishes the requests and watches under way first. */
  apiServerStopMs: 15_000,
  /** A kubelet is fresh that long; what it does to pods of its predecessor takes so much longer. */
  kubeletSettlesMs: 10_000,
  podStopHangingMs: 123_000,
  /** Containers of pods it does not know: it looks every 2 s. */
  orphanStopMs: 2_000,
  /** What shows a static pod follows it by that much: seen in upgrades, where it is waited for. */
  mirrorPodMs: 30_000,
  /** The same where the kubelet does not lose its API server meanwhile. */
  mirrorPodBalancedMs: 15_000,
  podScheduleMs: 100,
  containerStartMs: 1_000,
  /** Pods of the tests end at once when told to. */
  containerStopMs: 1_000,
  /** Default tolerationSeconds for unreachable and not-ready nodes. */
  podEvictionMs: 300_000,
  /** The garbage collector looks every 20 s, and trusts the absence of a node after 40 s. */
  podCollectionMs: 10_000,
  orphanedPodMs: 40_000,
  volumeDetachMs: 2_000,
  /** A kubelet that found no manifests folder looks again every 20 s: on average after half of that. */
  podStartUnwatchedMs: 9_000,
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

/**
 * When a kubelet without a certificate asks for one, after its start: client-go's certificate manager
 * tries five times, 2 s apart at first and twice as long each time, and every 32 s from then on.
 */
export const CERTIFICATE_REQUESTS = {
  firstMs: [0, 2_000, 6_000, 14_000],
  fromMs: 30_000,
  everyMs: 32_000,
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
