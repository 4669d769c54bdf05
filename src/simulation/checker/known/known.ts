import type { Assignment } from '../../../state/assignment.ts';
import type { ClusterSpec } from '../../../state/cluster-spec.ts';
import type { DrainState } from '../../../state/drain-state.ts';
import type { GenesisRecord } from '../../../state/genesis-record.ts';
import type { Value } from '../../../state/kinds.ts';
import type { Liveness } from '../../../state/liveness.ts';
import type { Node } from '../../../state/node.ts';
import type { NodeId } from '../../../state/node-id.ts';
import type { Operation } from '../../../state/operation.ts';
import type { Order } from '../../../state/order.ts';
import type { Request } from '../../../state/request.ts';
import type { TracedMember, TracedNode, TraceHeader } from '../../trace/entry.ts';
import type { Command } from './command.ts';

export interface KnownAgent {
  readonly nodeId: NodeId;
  readonly life: number;
  readonly sinceMs: number;
  readonly isPaused: boolean;
}

/** The newest value of each entry of the log, with the revision that wrote it. */
export interface KnownEntry<V> {
  readonly atMs: number;
  readonly value: V;
  readonly revision: number;
}

type Entries<V> = ReadonlyMap<string, KnownEntry<V>>;

/** The newest log as its replicas hold it. */
export interface KnownLog {
  readonly name: string;
  readonly spec: Entries<ClusterSpec>;
  readonly node: Entries<Node>;
  readonly liveness: Entries<Liveness>;
  readonly assignment: Entries<Assignment>;
  readonly operation: Entries<Operation>;
  readonly drain: Entries<DrainState>;
  readonly leadership: Entries<Value<'leadership'>>;
  readonly order: Entries<Order>;
  readonly request: Entries<Request>;
}

/** Who is served by the newest log. */
export interface KnownQuorum {
  readonly log: string | undefined;
  readonly formerLogs: readonly string[];
  readonly works: boolean;
  readonly everWorked: boolean;
  readonly sinceMs: number;
  /** Since when the agents of these hosts have reached a quorum of replicas. */
  readonly reachedSinceMs: ReadonlyMap<string, number>;
  /** When each host that does not reach it any more did so last. */
  readonly lostMs: ReadonlyMap<string, number>;
}

/** What the entries of a trace so far say, for rules to go by. Each is a fold over few types of entries. */
export interface Known {
  readonly header: TraceHeader;
  /** Running ones, by host. */
  readonly agents: ReadonlyMap<string, KnownAgent>;
  /** The identity that ran last on each host, and the other way round. */
  readonly nodeIds: ReadonlyMap<string, NodeId>;
  readonly hosts: ReadonlyMap<NodeId, string>;
  /** The newest record that each host holds. */
  readonly records: ReadonlyMap<string, GenesisRecord>;
  readonly log: KnownLog;
  readonly quorum: KnownQuorum;
  /** Who said last that it leads; undefined once it said that it does not, or ended. */
  readonly leader: { readonly host: string; readonly term: number } | undefined;
  /** Commands that run, by host. */
  readonly commands: ReadonlyMap<string, readonly Command[]>;
  /** Nodes that take no more pods. */
  readonly cordoned: ReadonlySet<string>;
  /** The servers of each host's load balancer. */
  readonly balancers: ReadonlyMap<string, ReadonlySet<string>>;
  /** By Kubernetes cluster. */
  readonly members: ReadonlyMap<string, readonly TracedMember[]>;
  readonly nodes: ReadonlyMap<string, readonly TracedNode[]>;
  /** `<from>><to>`: nothing of the first reaches the second. */
  readonly cuts: ReadonlySet<string>;
  /** How far wall clocks are ahead of the right time, by host; those that were never set are right. */
  readonly wallOffsetsMs: ReadonlyMap<string, number>;
  /** Everything that is wrong now: faults, machines without power, cut cables, agents that do not run. */
  readonly troubles: ReadonlySet<string>;
  /** When trouble was last there; bounds hold only from then on. */
  readonly troubledMs: number;
}

export const EMPTY_LOG: KnownLog = {
  name: '',
  spec: new Map(),
  node: new Map(),
  liveness: new Map(),
  assignment: new Map(),
  operation: new Map(),
  drain: new Map(),
  leadership: new Map(),
  order: new Map(),
  request: new Map(),
};

export function nothingKnown(header: TraceHeader): Known {
  return {
    header,
    agents: new Map(),
    nodeIds: new Map(),
    wallOffsetsMs: new Map(),
    hosts: new Map(),
    records: new Map(),
    log: EMPTY_LOG,
    quorum: {
      log: undefined,
      formerLogs: [],
      works: false,
      everWorked: false,
      sinceMs: 0,
      reachedSinceMs: new Map(),
      lostMs: new Map(),
    },
    leader: undefined,
    commands: new Map(),
    cordoned: new Set(),
    balancers: new Map(),
    members: new Map(),
    nodes: new Map(),
    cuts: new Set(),
    troubles: new Set(),
    troubledMs: 0,
  };
}
