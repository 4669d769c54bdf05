export interface KubeNode {
  readonly name: string;
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
 * TerminalError `kube.refused` when one refuses.
 */
export interface Kube {
  /** `/readyz` of this host's own API server. False when there is none or it does not answer. */
  localApiServerReady(): Promise<boolean>;
  /** This host's Node by name; undefined when not registered, or without credentials yet. */
  ownNode(name: string): Promise<KubeNode | undefined>;
  /** All nodes; only on control planes. */
  nodes(): Promise<readonly KubeNode[]>;
  /** True when `kubeadm init` ran through: its last phase (addons) left both add-ons. */
  initialised(): Promise<boolean>;
  bootstrapTokens(): Promise<readonly BootstrapToken[]>;
  createBootstrapToken(token: string, expiresWallMs: number, description: string): Promise<void>;
  /** Nothing when it is gone already. */
  deleteBootstrapToken(id: string): Promise<void>;
}
