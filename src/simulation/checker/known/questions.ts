import { type Progress, readProgress } from '../../../machines/operation-progress.ts';
import type { ClusterSpec } from '../../../state/cluster-spec.ts';
import { SINGLETON } from '../../../state/kinds.ts';
import type { NodeId } from '../../../state/node-id.ts';
import type { Operation } from '../../../state/operation.ts';
import type { TracedMember } from '../../trace/entry.ts';
import type { Of } from '../rule.ts';
import type { Known, KnownEntry } from './known.ts';

/** As in src/controllers/kubeadm/command.ts: unit names keep only the end of a long operation id. */
const OPERATION_ID_CHARACTERS = 50;

/** The spec as it was committed last. */
export function specOf({ log }: Known): ClusterSpec | undefined {
  return log.spec.get(SINGLETON)?.value;
}

/** The committed operation that a unit of this name on this host belongs to. */
export function operationOf(
  { log, nodeIds }: Known,
  host: string,
  nameEnd: string,
): KnownEntry<Operation> | undefined {
  const nodeId = nodeIds.get(host);
  for (const entry of log.operation.values()) {
    const { operationId } = entry.value;
    const named = operationId.slice(-OPERATION_ID_CHARACTERS) === nameEnd;
    if (named && entry.value.nodeId === nodeId) return entry;
  }
  return undefined;
}

/** Undefined where a newer agent wrote it. */
export function progressOf({ snapshot }: Operation): Progress | undefined {
  return readProgress(snapshot);
}

export function operationsOfNode({ log }: Known, nodeId: NodeId | undefined): readonly Operation[] {
  const all = [...log.operation.values()].map(({ value }) => value);
  return all.filter((operation) => operation.nodeId === nodeId);
}

/** Whether the log says that this host was made a node of the cluster. */
export function hasServed(known: Known, host: string): boolean {
  const operations = operationsOfNode(known, known.nodeIds.get(host));
  return operations.some((operation) => progressOf(operation)?.state === 'succeeded');
}

/** The role that the log gives to the host now. */
export function roleOf({ log, nodeIds }: Known, host: string): string | undefined {
  return log.assignment.get(nodeIds.get(host) ?? '')?.value.role;
}

/** Hosts are told by their names where they are known. */
export function nameOf({ hosts }: Known, nodeId: NodeId): string {
  return hosts.get(nodeId) ?? nodeId;
}

/** All hosts that a fault names: the first is that of the entry, its detail has them all. */
export function hostsOfFault({
  host,
  detail,
}: Of<'fault.begun' | 'fault.ended'>): readonly string[] {
  return [host, ...(detail.match(/[\w.-]+/g) ?? [])];
}

/** Whether power, network or a disk changed: nothing is promised of the moments after. */
export function isUpheaval({ event }: Of<'world'>): boolean {
  return /^(network|power|disk)\./.test(event);
}

/** For how long the agent of a node has run and reached the log without a break; 0 when it does not. */
export function heardForMs({ agents, hosts, quorum }: Known, nodeId: NodeId, atMs: number): number {
  const host = hosts.get(nodeId) ?? '';
  const agent = agents.get(host);
  const reachedMs = quorum.reachedSinceMs.get(host);
  if (agent?.nodeId !== nodeId || agent.isPaused || reachedMs === undefined) return 0;
  return atMs - Math.max(agent.sinceMs, reachedMs, quorum.sinceMs);
}

/** Whether nothing has been wrong for so long. */
export function isCalmFor({ troubles, troubledMs }: Known, calmMs: number, atMs: number): boolean {
  return troubles.size === 0 && atMs - troubledMs >= calmMs;
}

export function votersOf(members: readonly TracedMember[]): readonly TracedMember[] {
  return members.filter(({ learner }) => !learner);
}

export function healthyVoters(members: readonly TracedMember[]): readonly TracedMember[] {
  return votersOf(members).filter(({ healthy }) => healthy);
}

export function majorityOf(count: number): number {
  return Math.floor(count / 2) + 1;
}

/** For sentences: `12.345 s`. */
export function moment(atMs: number): string {
  return `${(atMs / 1_000).toFixed(3)} s`;
}
