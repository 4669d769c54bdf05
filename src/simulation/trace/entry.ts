import type { GenesisRecord } from '../../state/genesis-record.ts';
import type { Kind } from '../../state/kinds.ts';
import type { NodeId } from '../../state/node-id.ts';

/** The moment of virtual time, and the machine; `*` for what is of none. */
interface Happened {
  readonly atMs: number;
  readonly host: string;
}

/** One run of an agent's process, and what it does to the world outside itself. */
type AgentEntry =
  | {
      readonly type: 'agent.started';
      readonly nodeId: NodeId;
      readonly life: number;
      /** Name of the token it was given. */
      readonly token: string;
    }
  | { readonly type: 'agent.ended'; readonly life: number; readonly how: 'killed' | 'stopped' }
  | { readonly type: 'agent.paused' | 'agent.resumed'; readonly life: number }
  /** It could not go on by itself, such as with a damaged state directory. */
  | { readonly type: 'agent.failed'; readonly life: number; readonly code: string }
  /** A line of its structured log, as it would stand in the journal of the machine. */
  | { readonly type: 'agent.said'; readonly level: string; readonly text: string }
  /** A call of a port that may change something, right before it takes effect. */
  | {
      readonly type: 'agent.called';
      readonly life: number;
      /** `<port>.<method>`. */
      readonly call: string;
      readonly args: readonly unknown[];
    }
  | { readonly type: 'agent.sees'; readonly peers: number }
  /** It holds this genesis record on its disk now: told when it reads it there, and after each write. */
  | { readonly type: 'agent.formed'; readonly record: GenesisRecord }
  /** Its lease is confirmed from now on; `term: null`: no more. Noticed within a second. */
  | { readonly type: 'agent.leads'; readonly term: number | null };

/** The replicated log, as its replicas hold it and as agents hear of it. */
type LogEntry =
  | {
      readonly type: 'log.committed';
      /** Name of the epoch's log: revisions count anew in each. */
      readonly log: string;
      readonly kind: Kind;
      readonly key: string;
      readonly revision: number;
      /** Null: removed. */
      readonly value: unknown;
      readonly by: NodeId | null;
    }
  /** The writer was told that its write is on a quorum's disks. */
  | {
      readonly type: 'log.acknowledged';
      readonly log: string;
      readonly kind: Kind;
      readonly key: string;
      readonly revision: number;
    }
  /** An agent's copy holds this now; `digest` names the content. */
  | {
      readonly type: 'log.delivered';
      readonly log: string;
      readonly path: string;
      readonly revision: number;
      readonly digest: string;
    }
  /** Right now an agent's copy holds all that was committed up to this revision. */
  | { readonly type: 'log.synced'; readonly log: string; readonly revision: number }
  /** Which log works: its epoch's name, and the hosts whose agents reach a quorum of replicas. */
  | {
      readonly type: 'log.quorum';
      readonly log: string;
      readonly works: boolean;
      readonly reachedFrom: readonly string[];
    }
  /** Names of the servers that a log consists of, and of those with a say in what is in it. */
  | {
      readonly type: 'log.replicas';
      readonly log: string;
      readonly members: readonly string[];
      readonly voters: readonly string[];
    };

/** What the simulated host did; `event` and `detail` as in the world's journal. */
interface WorldEntry {
  readonly type: 'world';
  readonly event: string;
  readonly detail: string;
}

export interface TracedMember {
  readonly name: string;
  readonly host: string;
  readonly learner: boolean;
  readonly started: boolean;
  /** Its process serves, and reaches the leader. */
  readonly healthy: boolean;
}

export interface TracedNode {
  readonly name: string;
  readonly ready: boolean;
  readonly controlPlane: boolean;
  readonly kubeletVersion: string;
  /** Of the API server that served on it last; absent where it has none. */
  readonly apiServerVersion?: string;
}

/** What is true of a Kubernetes cluster, each time when it changed. */
type ClusterEntry =
  | {
      readonly type: 'etcd.members';
      readonly cluster: string;
      readonly members: readonly TracedMember[];
      /** A quorum of voters serves. */
      readonly serves: boolean;
    }
  | {
      readonly type: 'kubernetes.nodes';
      readonly cluster: string;
      readonly nodes: readonly TracedNode[];
    }
  /** A pod was taken from its node by the eviction API. */
  | {
      readonly type: 'pod.evicted';
      readonly cluster: string;
      readonly node: string;
      readonly pod: string;
      /** How many more its budget allowed right before; null: none counts it. */
      readonly disruptionsAllowed: number | null;
    };

/** What was done to the machines, and what the run expects of them. */
type ScriptEntry =
  /** A fault begins, or happens at once; `kind` is a name of the fault list. */
  | { readonly type: 'fault.begun'; readonly fault: string; readonly detail: string }
  /** An agent is killed at a named place, as one kind of fault does. */
  | { readonly type: 'fail-point.killed'; readonly point: string }
  | { readonly type: 'fault.ended'; readonly fault: string; readonly detail: string }
  /** Somebody who holds no key of this cluster sent something to the host. */
  | { readonly type: 'outsider.sent'; readonly detail: string }
  /** A person asks something else of the cluster. */
  | { readonly type: 'script.edited'; readonly detail: string }
  /** From here to the next fault or edit nothing at all may change. */
  | { readonly type: 'script.settled' }
  /** From here on no more faults begin, and those that last leave a core quorum alone. */
  | { readonly type: 'script.healed' }
  /** All that should serve is Ready, and the log says so. */
  | { readonly type: 'script.whole' };

/** One thing that happened in a run. Plain JSON: a trace is kept, shrunk and judged long after. */
export type TraceEntry = Happened &
  (AgentEntry | LogEntry | WorldEntry | ClusterEntry | ScriptEntry);

/** What the checker has to know of a run besides its entries. */
export interface TraceHeader {
  readonly seed: number;
  readonly expectedNodes: number;
  /** Texts that may stand in no log line, argument or world-readable file (S12). */
  readonly canaries: readonly string[];
  /** What the wall clocks of all hosts show at 0 ms. */
  readonly wallAtZeroMs?: number;
}

export interface Trace {
  readonly header: TraceHeader;
  readonly entries: readonly TraceEntry[];
}
