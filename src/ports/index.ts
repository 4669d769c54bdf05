import type { Balancer } from './balancer.ts';
import type { Certificates } from './certificates.ts';
import type { Clock } from './clock.ts';
import type { Durable } from './durable.ts';
import type { Etcd } from './etcd.ts';
import type { Host } from './host.ts';
import type { HostFiles } from './host-files.ts';
import type { Kube } from './kube.ts';
import type { Leadership } from './leadership.ts';
import type { Leases } from './leases.ts';
import type { Log } from './log.ts';
import type { LogPeers } from './log-peers.ts';
import type { Observers } from './observers.ts';
import type { Operations } from './operations.ts';
import type { PodNetwork } from './pod-network.ts';
import type { Random } from './random.ts';
import type { Releases } from './releases.ts';
import type { ReplicaServers } from './replica-servers.ts';
import type { Sealer } from './sealer.ts';
import type { Self } from './self.ts';
import type { Store } from './store.ts';

/** What a host offers; simulated as a whole in src/simulation, real in src/adapters. */
export interface HostPorts {
  readonly balancer: Balancer;
  readonly certificates: Certificates;
  readonly etcd: Etcd;
  readonly files: HostFiles;
  readonly host: Host;
  readonly kube: Kube;
  readonly operations: Operations;
  readonly podNetwork: PodNetwork;
  readonly releases: Releases;
}

/** Everything a controller can reach of the outside world. */
export interface Ports extends HostPorts {
  readonly clock: Clock;
  readonly durable: Durable;
  readonly leadership: Leadership;
  readonly leases: Leases;
  readonly log: Log;
  readonly logPeers: LogPeers;
  readonly observers: Observers;
  readonly random: Random;
  readonly replicaServers: ReplicaServers;
  readonly sealer: Sealer;
  readonly self: Self;
  readonly store: Store;
}
