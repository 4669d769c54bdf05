/** One etcd member as the cluster knows it. */
export interface SimulatedMember {
  readonly id: string;
  /** Empty until the member started for the first time. */
  name: string;
  readonly peerUrl: string;
  learner: boolean;
}

interface SimulatedEtcd {
  members: SimulatedMember[];
  /** Member id; undefined while there is none. */
  leader: string | undefined;
  term: number;
  /** All voters were connected for a while: only then a member may be added. */
  steady: boolean;
}

export interface SimulatedNode {
  readonly name: string;
  ready: boolean;
  controlPlane: boolean;
  kubeletVersion: string;
  podCidr: string | null;
  internalIp: string;
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
  readonly featureGates: Readonly<Record<string, boolean>>;
  readonly failSwapOn: boolean;
}

/** A Kubernetes cluster: it comes into being when the first etcd of a `kubeadm init` starts. */
export interface SimulatedCluster {
  readonly id: string;
  readonly etcd: SimulatedEtcd;
  readonly nodes: Map<string, SimulatedNode>;
  readonly tokens: Map<string, SimulatedToken>;
  readonly addons: Set<'coredns' | 'kube-proxy'>;
  /** ConfigMap kubeadm-config. */
  configuration: UploadedConfiguration | undefined;
  /** Host whose controller manager leads, also when it does so no longer. */
  controllerManager: string | undefined;
}

export function createCluster(id: string, founder: SimulatedMember): SimulatedCluster {
  return {
    id,
    etcd: { members: [founder], leader: undefined, term: 0, steady: false },
    nodes: new Map(),
    tokens: new Map(),
    addons: new Set(),
    configuration: undefined,
    controllerManager: undefined,
  };
}
