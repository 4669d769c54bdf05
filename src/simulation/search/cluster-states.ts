import type { Assignment } from '../../state/assignment.ts';
import type { Liveness } from '../../state/liveness.ts';
import type { Order } from '../../state/order.ts';
import type { Status } from '../../state/status.ts';
import { digestOf } from '../trace/digest.ts';
import type { Trace, TraceEntry } from '../trace/entry.ts';

/** What is told apart of one machine; '' for what is not so. */
interface MachineState {
  readonly agent: '' | 'runs' | 'paused';
  readonly leads: '' | 'leads';
  /** What the log asks of it, how far it is, what its order is, and how it is judged. */
  readonly task: string;
  readonly phase: string;
  readonly order: string;
  readonly verdict: string;
}

type Change = Partial<MachineState>;
type Of<T extends TraceEntry['type']> = Extract<TraceEntry, { readonly type: T }>;

const NEW: MachineState = { agent: '', leads: '', task: '', phase: '', order: '', verdict: '' };

/** The cluster as far as it is told apart. Changed in place: a trace has thousands of entries. */
interface ClusterState {
  readonly machines: Map<string, MachineState>;
  readonly hosts: Map<string, string>;
  logWorks: boolean;
  etcdServes: boolean;
}

/**
 * Digests of all states that the cluster of a run came to, each once. A state is what each machine
 * is, whatever its name, and whether the log and etcd serve; times, revisions and files are left out.
 */
export function statesOf({ entries }: Trace): ReadonlySet<number> {
  const states = new Set<number>();
  const cluster = { machines: new Map(), hosts: new Map(), logWorks: false, etcdServes: false };
  for (const entry of entries) if (changes(cluster, entry)) states.add(digestOfState(cluster));
  return states;
}

/** Whether the entry is about anything that is told apart. */
function changes(cluster: ClusterState, entry: TraceEntry): boolean {
  switch (entry.type) {
    case 'log.quorum':
      cluster.logWorks = entry.works;
      return true;
    case 'etcd.members':
      cluster.etcdServes = entry.serves;
      return true;
    case 'agent.started':
      cluster.hosts.set(entry.nodeId, entry.host);
      return changesMachine(cluster, entry);
    default:
      return changesMachine(cluster, entry);
  }
}

function changesMachine({ machines, hosts }: ClusterState, entry: TraceEntry): boolean {
  const change = changeBy(entry);
  if (change === undefined) return false;
  const host = entry.type === 'log.committed' ? (hosts.get(entry.key) ?? '') : entry.host;
  machines.set(host, { ...(machines.get(host) ?? NEW), ...change });
  return true;
}

function changeBy(entry: TraceEntry): Change | undefined {
  switch (entry.type) {
    case 'agent.started':
    case 'agent.resumed':
      return { agent: 'runs' };
    case 'agent.paused':
      return { agent: 'paused' };
    case 'agent.ended':
      return { agent: '', leads: '' };
    case 'agent.leads':
      return { leads: entry.term === null ? '' : 'leads' };
    case 'log.committed':
      return changeInLog(entry);
    default:
      return undefined;
  }
}

/** The values fit their kinds: the store parsed them. */
function changeInLog({ kind, value }: Of<'log.committed'>): Change | undefined {
  switch (kind) {
    case 'assignment':
      return { task: (value as Assignment | null)?.task ?? '' };
    case 'status':
      return { phase: (value as Status | null)?.phase ?? '' };
    case 'order':
      return { order: (value as Order | null)?.task ?? '' };
    case 'liveness':
      return { verdict: (value as Liveness | null)?.verdict ?? '' };
    default:
      return undefined;
  }
}

function digestOfState({ machines, logWorks, etcdServes }: ClusterState): number {
  const each = [...machines.values()].map((machine) => Object.values(machine).join(' ')).sort();
  return Number.parseInt(digestOf(`${logWorks} ${etcdServes}\n${each.join('\n')}`), 16);
}
