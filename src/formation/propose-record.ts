import type { ClusterSpec } from '../state/cluster-spec.ts';
import type { GenesisRecord, Replica } from '../state/genesis-record.ts';
import type { NodeId } from '../state/node-id.ts';

const REPLICAS = 3;

/** A node that may run replicas of the log. */
export interface LogHost {
  readonly nodeId: NodeId;
  readonly address: string;
  readonly logPortBase: number;
  readonly zone: string;
}

export interface RecordFacts {
  readonly clusterId: string;
  readonly epoch: number;
  readonly expectedNodes: number;
  readonly spec: ClusterSpec;
  readonly enrolmentCa: string;
  /** At least one; those to be preferred come first. */
  readonly hosts: readonly [LogHost, ...LogHost[]];
}

/**
 * The record that founds a cluster. Its three replicas stand on different nodes, in different
 * zones where there are such; with fewer than three nodes they share them in turn.
 */
export function proposeRecord({ hosts, ...facts }: RecordFacts): GenesisRecord {
  const spread = spreadOverZones(hosts);
  const replicas = Array.from({ length: REPLICAS }, (_, index) => replica(spread, index));
  return { version: 1, ...facts, replicas, firstControlPlane: spread[0].nodeId };
}

function spreadOverZones(hosts: readonly [LogHost, ...LogHost[]]): [LogHost, ...LogHost[]] {
  const [first, ...others] = hosts;
  const chosen: [LogHost, ...LogHost[]] = [first];
  while (chosen.length < REPLICAS) {
    const free = others.filter((host) => !chosen.includes(host));
    const zones = chosen.map((host) => host.zone);
    const next = free.find((host) => !zones.includes(host.zone)) ?? free[0];
    if (!next) break;
    chosen.push(next);
  }
  return chosen;
}

function replica(hosts: readonly [LogHost, ...LogHost[]], index: number): Replica {
  const host = hosts[index % hosts.length] ?? hosts[0];
  const clientPort = host.logPortBase + 2 * Math.floor(index / hosts.length);
  return {
    serverName: `${host.nodeId}-${index + 1}`,
    nodeId: host.nodeId,
    address: host.address,
    clientPort,
    routePort: clientPort + 1,
  };
}
