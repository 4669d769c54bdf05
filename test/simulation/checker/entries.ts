import { check } from '../../../src/simulation/checker/check.ts';
import type { TraceEntry, TraceHeader } from '../../../src/simulation/trace/entry.ts';
import type { TraceEvent } from '../../../src/simulation/trace/recorder.ts';
import type { Role, Task } from '../../../src/state/assignment.ts';
import { clusterSpecSchema } from '../../../src/state/cluster-spec.ts';
import { type GenesisRecord, logName } from '../../../src/state/genesis-record.ts';
import type { Kind } from '../../../src/state/kinds.ts';
import type { OrderTask } from '../../../src/state/order.ts';
import { genesisRecord } from '../../support/genesis-record.ts';

/** One row of a table: a trace whose last entry breaks the invariant, or one that comes near to it. */
export interface Row {
  readonly when: string;
  readonly entries: readonly TraceEntry[];
  readonly header?: Partial<TraceHeader>;
}

export const CANARY = 'join-key-4711';
export const OTHER_CLUSTER = '7d9a3c52-1a0e-4d39-9d0c-6f6a1a2b3c4d';
const RECORD = genesisRecord();
/** The log of the first epoch, unless an entry says otherwise. */
export const LOG = logName(RECORD);
const HEADER: TraceHeader = { seed: 1, expectedNodes: 3, canaries: [CANARY] };

/** Where the invariant was found broken, if it was. */
export function brokenAt(id: string, { entries, header }: Row): readonly number[] {
  return check({ header: { ...HEADER, ...header }, entries })
    .filter(({ invariant }) => invariant === id)
    .map(({ index }) => index);
}

export function lastOf({ entries }: Row): readonly number[] {
  return [entries.length - 1];
}

/** An entry at a second of the run. */
export function at(second: number, host: string, event: TraceEvent): TraceEntry {
  // Sound for the same reason as in the recorder: an event is an entry less these two.
  return { atMs: second * 1_000, host, ...event } as TraceEntry;
}

/** n1 is aaaaaaaaaaa, n2 is bbbbbbbbbbb and so on. */
export function idOf(host: string): string {
  return 'abcdefg'.charAt(Number(host.slice(1)) - 1).repeat(11);
}

export function starts(second: number, ...hosts: readonly string[]): readonly TraceEntry[] {
  return hosts.map((host) =>
    at(second, host, { type: 'agent.started', nodeId: idOf(host), life: 1, token: 'one' }),
  );
}

export function ends(second: number, host: string): TraceEntry {
  return at(second, host, { type: 'agent.ended', life: 1, how: 'killed' });
}

export function world(second: number, host: string, event: string, detail = ''): TraceEntry {
  return at(second, host, { type: 'world', event, detail });
}

export function cordons(second: number, host: string, node: string): TraceEntry {
  return world(second, host, 'node.cordoned', node);
}

export function runs(second: number, host: string, command: string): TraceEntry {
  return world(second, host, 'operation.started', command);
}

export function calls(second: number, host: string, call: string, ...args: unknown[]): TraceEntry {
  return at(second, host, { type: 'agent.called', life: 1, call, args });
}

interface Written {
  readonly revision?: number;
  readonly by?: string | null;
  readonly log?: string;
}

export function commits(
  second: number,
  kind: Kind,
  key: string,
  value: unknown,
  { revision = second, by = 'n1', log = LOG }: Written = {},
): TraceEntry {
  const writer = by === null ? null : idOf(by);
  return at(second, by ?? '*', {
    type: 'log.committed',
    ...{ log, kind, key, value, revision },
    by: writer,
  });
}

/** The leader asks a node that serves; the host is enrolled under its name. */
export function orders(
  second: number,
  host: string,
  task: OrderTask,
  { term = 1, drains = false, id = `${task}-${idOf(host)}-1` } = {},
): TraceEntry {
  const value = { nodeId: idOf(host), incarnation: 1, term, operationId: id, task, drains };
  return commits(second, 'order', idOf(host), value);
}

export function ordersBack(second: number, host: string): TraceEntry {
  return commits(second, 'order', idOf(host), null);
}

/** What a node tells of its order. */
export function tells(second: number, host: string, task: OrderTask, state: string): TraceEntry {
  const work = { operationId: `${task}-${idOf(host)}-1`, task, state };
  return commits(second, 'upkeep', idOf(host), { nodeId: idOf(host), work }, { by: host });
}

/** By whom the log is led from then on: the term is the second. */
export function leads(second: number, host: string): TraceEntry {
  return commits(second, 'leadership', 'current', { nodeId: idOf(host), incarnation: 1 });
}

const ROLE_OF: Readonly<Record<Task, Role>> = {
  init: 'control-plane',
  'join-control-plane': 'control-plane',
  'join-worker': 'worker',
  'stand-by': 'spare',
  promote: 'control-plane',
  demote: 'worker',
  retire: 'spare',
};

export function assigns(
  second: number,
  host: string,
  task: Task,
  {
    term = 1,
    sponsor = null,
    id = operationId(host, task),
  }: { term?: number; sponsor?: string | null; id?: string } = {},
): TraceEntry {
  const value = {
    nodeId: idOf(host),
    incarnation: 1,
    term,
    operationId: id,
    role: ROLE_OF[task],
    task,
    sponsor: sponsor === null ? null : idOf(sponsor),
    kubernetesVersion: 'v1.34.4',
  };
  return commits(second, 'assignment', idOf(host), value);
}

export function operationId(host: string, task: Task): string {
  return task === 'init' ? 'init' : `${task}-${idOf(host)}-1`;
}

export function operates(
  second: number,
  host: string,
  task: Task,
  state: string,
  { failures = 0, term = 1, id = operationId(host, task) } = {},
): TraceEntry {
  const context = { failures, outcome: null, reason: null };
  const snapshot = { machine: 'operation', version: 1, value: state, context };
  const value = { operationId: id, nodeId: idOf(host), incarnation: 1, term, task, snapshot };
  return commits(second, 'operation', id, value, { by: host });
}

/** The host was made a node of the cluster in this role. */
export function serves(second: number, host: string, task: Task): readonly TraceEntry[] {
  return [assigns(second, host, task), operates(second, host, task, 'succeeded')];
}

interface MemberFacts {
  readonly learner?: boolean;
  readonly healthy?: boolean;
  readonly started?: boolean;
}

export function members(
  second: number,
  all: Readonly<Record<string, MemberFacts>>,
  cluster = 'e1',
): TraceEntry {
  const list = Object.entries(all).map(([host, facts]) => {
    return { name: host, host, learner: false, started: true, healthy: true, ...facts };
  });
  return at(second, '*', { type: 'etcd.members', cluster, members: list, serves: true });
}

interface NodeFacts {
  readonly controlPlane?: boolean;
  readonly kubeletVersion?: string;
  readonly apiServerVersion?: string;
}

export function nodes(second: number, all: Readonly<Record<string, NodeFacts>>): TraceEntry {
  const list = Object.entries(all).map(([name, facts]) => {
    return { name, ready: true, controlPlane: false, kubeletVersion: 'v1.34.4', ...facts };
  });
  return at(second, '*', { type: 'kubernetes.nodes', cluster: 'e1', nodes: list });
}

export function forms(
  second: number,
  host: string,
  change: Partial<GenesisRecord> = {},
): TraceEntry {
  return at(second, host, { type: 'agent.formed', record: { ...RECORD, ...change } });
}

export function quorum(second: number, works: boolean, ...reachedFrom: string[]): TraceEntry {
  return at(second, '*', { type: 'log.quorum', log: LOG, works, reachedFrom });
}

export function spec(change: Readonly<Record<string, unknown>> = {}): unknown {
  return clusterSpecSchema.parse({ kubernetesVersion: 'v1.34.4', ...change });
}

export function faulty(second: number, host: string, fault: string): TraceEntry {
  return at(second, host, { type: 'fault.begun', fault, detail: `${host} for 1000 ms` });
}

export function mended(second: number, host: string, fault: string): TraceEntry {
  return at(second, host, { type: 'fault.ended', fault, detail: `${host} for 1000 ms` });
}
