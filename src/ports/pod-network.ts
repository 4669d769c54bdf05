export interface Route {
  /** A node's pod network, e.g. 10.244.3.0/24. */
  readonly podCidr: string;
  /** That node's address. */
  readonly via: string;
}

export interface PodNetworkView {
  /** Routes of civitas' own protocol number; others are not ours to see. */
  readonly routes: readonly Route[];
  /** The pod network in the installed CNI configuration; null when there is none of ours. */
  readonly cniPodCidr: string | null;
  /** Pods leaving the pod subnet are masqueraded. */
  readonly masqueradeFor: string | null;
  /** Networks this host is attached to, e.g. 10.88.0.0/24: a host-gateway must lie in one of them. */
  readonly linkNetworks: readonly string[];
}

/** The host-gateway pod network of this node. */
export interface PodNetwork {
  observe(): Promise<PodNetworkView>;
  installCni(podCidr: string): Promise<void>;
  masquerade(podSubnet: string): Promise<void>;
  addRoute(route: Route): Promise<void>;
  removeRoute(route: Route): Promise<void>;
  /**
   * Takes away all of it: routes, masquerading, the bridge of pods with their addresses, kube-proxy's
   * rules, and the CNI configuration last. Safe to repeat; for a host without pods.
   */
  clear(): Promise<void>;
}
