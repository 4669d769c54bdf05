export interface BalancerServer {
  /** HAProxy server name: the node's id. */
  readonly name: string;
  readonly address: string;
  readonly port: number;
  /** On a control plane its own API server comes first; the others are backups. */
  readonly preferred: boolean;
}

export interface BalancerView {
  readonly running: boolean;
  /** As the running process has them; empty when it does not run. */
  readonly servers: readonly (BalancerServer & { readonly up: boolean })[];
  /** What stands in the file, from which the process starts at boot. */
  readonly fileServers: readonly BalancerServer[];
  /** The file is there, and says else than civitas writes for the servers it names; absent: no. */
  readonly altered?: boolean;
}

/** The node's own API load balancer: HAProxy on 127.0.0.1:7443, in its own unit. */
export interface Balancer {
  observe(): Promise<BalancerView>;
  /** Writes the file (checked with `haproxy -c` first) and starts or, where needed, restarts the process. */
  install(servers: readonly BalancerServer[]): Promise<void>;
  /** Runtime API: no process restarts, no connection of another server breaks. */
  addServer(server: BalancerServer): Promise<void>;
  removeServer(name: string): Promise<void>;
  /** Rewrites only the file, in step with what the Runtime API did. */
  writeFile(servers: readonly BalancerServer[]): Promise<void>;
}
