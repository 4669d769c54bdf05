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
 * The record that founds a cluster, or its log anew. Its three replicas stand on different nodes, in different
 * zones where there are such; with fewer than three nodes they share them in turn.
 */
export function proposeRecord({ hosts, ...facts }: RecordFacts): GenesisRecord {
  const spread = spreadOverZones(hosts);
  const firstNumber = (facts.epoch - 1) * REPLICAS + 1;
  const replicas = Array.from({ length: REPLICAS }, (_, index) => {
    return replica(spread, index, firstNumber + index);
  });
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

/** No number comes twice in a cluster, so that a replica never finds the store of an older epoch. */
function replica(hosts: readonly [LogHost, ...LogHost[]], index: number, number: number): Replica {
  const host = hosts[index % hosts.length] ?? hosts[0];
  const clientPort = host.logPortBase + 2 * Math.floor(index / hosts.length);
  return {
    serverName: `${host.nodeId}-${number}`,
    nodeId: host.nodeId,
    address: host.address,
    clientPort,
    routePort: clientPort + 1,
  };
}
