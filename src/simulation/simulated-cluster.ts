import type { EtcdAlarm } from '../ports/etcd.ts';
import type {
  KubeConfigMapName,
  KubeDeprecatedApi,
  KubeStoredApi,
  KubeTaint,
} from '../ports/kube-objects.ts';
import type { WrittenObject } from '../state/object-writers.ts';
import type { SimulatedPod } from './workloads/simulated-pod.ts';
import type { SimulatedBudget, SimulatedWorkload } from './workloads/workload.ts';

/** One etcd member as the cluster knows it. */
export interface SimulatedMember {
  readonly id: string;
  /** Empty until the member started for the first time. */
  name: string;
  peerUrl: string;
  learner: boolean;
  /** As far as it heard of the log when it was last connected to the leader. */
  raftTerm: number;
  raftIndex: number;
  revision: number;
}

interface SimulatedEtcd {
  members: SimulatedMember[];
  /** Member id; undefined while there is none. */
  leader: string | undefined;
  term: number;
  raftIndex: number;
  /** Of the key-value store. */
  revision: number;
  /** Since when two members have been connected, by `connectionKey`. */
  readonly connectedSinceMs: Map<string, number>;
  alarms: readonly EtcdAlarm[];
}

export interface SimulatedNode {
  readonly name: string;
  readonly uid: string;
  ready: boolean;
  controlPlane: boolean;
  kubeletVersion: string;
  podCidr: string | null;
  internalIp: string;
  /** Cordoned. */
  unschedulable: boolean;
  taints: readonly KubeTaint[];
  labels: Readonly<Record<string, string>>;
  /** When its kubelet last renewed its lease; null while it does so all the time. */
  silentSinceWallMs: number | null;
}

/** A volume that is attached to a node for a pod. */
export interface SimulatedAttachment {
  readonly name: string;
  readonly node: string;
  readonly volume: string;
}

interface SimulatedConfigMap {
  revision: number;
  data: Readonly<Record<string, string>>;
}

export interface SimulatedToken {
  readonly id: string;
  readonly secret: string;
  readonly expiresWallMs: number;
  /** What tells the tokens of civitas from others. */
  readonly description: string;
}

/** What `upload-config` leaves of a ClusterConfiguration for those who join. */
export interface UploadedConfiguration {
  readonly kubernetesVersion: string;
  readonly controlPlaneEndpoint: string | undefined;
  readonly podSubnet: string | undefined;
  readonly apiServerArgs: Readonly<Record<string, string>>;
  readonly controllerManagerArgs: Readonly<Record<string, string>>;
  readonly schedulerArgs: Readonly<Record<string, string>>;
  readonly featureGates: Readonly<Record<string, boolean>>;
  /** What stands in ConfigMap kubelet-config. */
  readonly kubeletConfiguration: string;
}

/** An object of any API, and by which versions of it the API servers show it. */
export interface SimulatedObject extends Pick<KubeStoredApi, 'group' | 'resource'> {
  readonly served: readonly string[];
  readonly object: WrittenObject;
}

/** A Kubernetes cluster: it comes into being when the first etcd of a `kubeadm init` starts. */
export interface SimulatedCluster {
  readonly id: string;
  readonly etcd: SimulatedEtcd;
  readonly nodes: Map<string, SimulatedNode>;
  readonly tokens: Map<string, SimulatedToken>;
  readonly addons: Set<'coredns' | 'kube-proxy'>;
  /** By `workloadKey`. */
  readonly workloads: Map<string, SimulatedWorkload>;
  readonly budgets: Map<string, SimulatedBudget>;
  /** By uid. */
  readonly pods: Map<string, SimulatedPod>;
  /** Nodes and pods that ever were. */
  objectsMade: number;
  readonly attachments: Map<string, SimulatedAttachment>;
  readonly configMaps: Map<KubeConfigMapName, SimulatedConfigMap>;
  /** Asked for by somebody, as its API servers remember. */
  readonly deprecatedApis: KubeDeprecatedApi[];
  /** What people and tools wrote that has no part in the simulation but to be found. */
  readonly stored: SimulatedObject[];
  /** What kubeadm reads in ConfigMap kubeadm-config. */
  configuration: UploadedConfiguration | undefined;
  /** Host whose controller manager leads, also when it does so no longer. */
  controllerManager: string | undefined;
}

export function createCluster(id: string, founder: SimulatedMember): SimulatedCluster {
  return {
    id,
    etcd: {
      members: [founder],
      leader: undefined,
      term: 1,
      raftIndex: 1,
      revision: 1,
      connectedSinceMs: new Map(),
      alarms: [],
    },
    nodes: new Map(),
    tokens: new Map(),
    addons: new Set(),
    workloads: new Map(),
    budgets: new Map(),
    pods: new Map(),
    objectsMade: 0,
    attachments: new Map(),
    configMaps: new Map(),
    deprecatedApis: [],
    stored: [],
    configuration: undefined,
    controllerManager: undefined,
  };
}

/** For a new object; no two of a cluster ever have the same. */
export function nextUid(cluster: SimulatedCluster): string {
  cluster.objectsMade += 1;
  return `00000000-0000-4000-8000-${String(cluster.objectsMade).padStart(12, '0')}`;
}
