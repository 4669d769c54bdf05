import type {
  Eviction,
  KubeConfigMap,
  KubeConfigMapName,
  KubeDeprecatedApi,
  KubeDisruptionBudget,
  KubeNodeLease,
  KubeNodeMarks,
  KubePod,
  KubeStoredApi,
  KubeTaint,
  KubeVolumeAttachment,
  KubeWrittenObjects,
} from './kube-objects.ts';

export interface KubeNode {
  readonly name: string;
  /** Of this very object: a node that was deleted and registers again has another. */
  readonly uid: string;
  readonly ready: boolean;
  readonly controlPlane: boolean;
  readonly kubeletVersion: string;
  readonly podCidr: string | null;
  readonly internalIp: string | null;
}

export interface BootstrapToken {
  readonly id: string;
  readonly expiresWallMs: number;
  /** True for tokens civitas made: it never touches another's. */
  readonly ours: boolean;
}

/**
 * The Kubernetes API in our words, with this host's own credentials: admin.conf where there is
 * one, else kubelet.conf, which may read only this host's Node (node authorizer).
 * Every call rejects with RetryableError `kube.unreachable` when no API server answers and
 * TerminalError `kube.refused` when one refuses. From `nodes` on only on control planes, but for
 * `podsOn` and `evict` of a host's own pods (NodeRestriction).
 */
export interface Kube {
  /** `/readyz` of this host's own API server. False when there is none or it does not answer. */
  localApiServerReady(): Promise<boolean>;
  /** What this host's own API server says it is, `v1.34.4`; undefined as `localApiServerReady` is false. */
  localApiServerVersion(): Promise<string | undefined>;
  /** `/healthz` of this host's own one. False when there is none or it does not answer. */
  localComponentHealthy(component: 'kube-controller-manager' | 'kube-scheduler'): Promise<boolean>;
  /** This host's Node by name; undefined when not registered, or without credentials yet. */
  ownNode(name: string): Promise<KubeNode | undefined>;
  nodes(): Promise<readonly KubeNode[]>;
  /** True when `kubeadm init` ran through: its last phase (addons) left both add-ons. */
  initialised(): Promise<boolean>;
  bootstrapTokens(): Promise<readonly BootstrapToken[]>;
  createBootstrapToken(token: string, expiresWallMs: number, description: string): Promise<void>;
  /** Nothing when it is gone already. */
  deleteBootstrapToken(id: string): Promise<void>;
  /** Nothing when it is gone, also when another of that name took its place. */
  deleteNode(name: string, uid: string): Promise<void>;

  /** Pods bound to the node, mirror pods too. */
  podsOn(node: string): Promise<readonly KubePod[]>;
  disruptionBudgets(): Promise<readonly KubeDisruptionBudget[]>;
  /**
   * Asks for the pod to go, if it is still the one with that uid. Ask with what was read a moment ago:
   * API servers take a disruption off the budget before they compare the uid (seen with 1.34.4).
   */
  evict(pod: Pick<KubePod, 'namespace' | 'name' | 'uid'>): Promise<Eviction>;
  /** Undefined when there is no such node. */
  nodeMarks(node: string): Promise<KubeNodeMarks | undefined>;
  /** Cordons or uncordons; nothing when it is so already, or the node is gone. */
  setUnschedulable(node: string, unschedulable: boolean): Promise<void>;
  /** Null takes a label away; nothing when the node is gone. */
  setLabels(node: string, labels: Readonly<Record<string, string | null>>): Promise<void>;
  /** Replaces the taint of the same key and effect; nothing when the node is gone. */
  addTaint(node: string, taint: KubeTaint): Promise<void>;
  /** Nothing when there is no such taint or node. */
  removeTaint(node: string, taint: Pick<KubeTaint, 'key' | 'effect'>): Promise<void>;
  nodeLeases(): Promise<readonly KubeNodeLease[]>;
  /**
   * When the controller manager that leads last said so, by the wall clock of its machine; undefined when
   * none ever did. One that lives says so anew every two seconds; fifteen after its last word another one leads.
   */
  controllerManagerRenewedWallMs(): Promise<number | undefined>;
  /** Undefined when there is none. */
  configMap(name: KubeConfigMapName): Promise<KubeConfigMap | undefined>;
  /** Sets the keys given, if nobody wrote since `revision`: else the answer is `conflict`. */
  patchConfigMap(
    name: KubeConfigMapName,
    data: KubeConfigMap['data'],
    revision: string,
  ): Promise<'done' | 'conflict'>;
  /** Volumes that are attached to the node, or on their way. */
  volumeAttachments(node: string): Promise<readonly KubeVolumeAttachment[]>;
  /** As all API servers remember; each forgets when it is started again. */
  deprecatedApisInUse(): Promise<readonly KubeDeprecatedApi[]>;
  /** Of at most so many objects of an API who wrote them; none where the API is not served. */
  writtenObjects(api: KubeStoredApi, most: number): Promise<KubeWrittenObjects>;
}
