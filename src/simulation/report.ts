import type { SimulatedCluster } from './simulated-cluster.ts';
import type { PoweredHost } from './simulated-host.ts';

/** A kubelet that reaches its cluster's API and may write there. */
export interface Report {
  readonly host: PoweredHost;
  readonly cluster: SimulatedCluster;
  /** Of its Node. */
  readonly name: string;
  /** Without a pod network a node is not Ready, and its pods do not start. */
  readonly hasNetwork: boolean;
}
