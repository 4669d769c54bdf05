import type { NodeId } from './node-id.ts';
import type { ReadableLog } from './readable-log.ts';
import { servesAsControlPlane } from './serves-as-control-plane.ts';
import { isSettledCopy } from './settled-copy.ts';

/**
 * Whether a node may do anything in the cluster for others: it serves as a control plane, nobody asks
 * it to stop that, and its copy of the log is the log.
 */
export function maySponsor(
  self: NodeId,
  log: ReadableLog & { readonly synced: boolean },
  sinceLogFailoverMs: number,
): boolean {
  const enrolled = log.get('node', self) !== undefined;
  if (!log.synced || !isSettledCopy(sinceLogFailoverMs, enrolled)) return false;
  return isWantedControlPlane(self, log);
}

/**
 * Who takes back what was begun in the cluster and is asked for no more: whoever began it (`by`); once
 * that one is dead or no control plane any more, the first of those that serve.
 */
export function keeperOf(by: NodeId | undefined, log: ReadableLog): NodeId | undefined {
  return chosen(by, ableIn(log));
}

/** The same of those whose own API server answers: others may have nothing that the cluster takes. */
export function answeringKeeper(by: NodeId | undefined, log: ReadableLog): NodeId | undefined {
  const answers = (nodeId: NodeId) => log.get('status', nodeId)?.value.kubernetes.apiServerReady;
  return chosen(by, ableIn(log).filter(answers));
}

function chosen(by: NodeId | undefined, able: readonly NodeId[]): NodeId | undefined {
  return by !== undefined && able.includes(by) ? by : able[0];
}

/** Control planes that serve and live, by their names. */
function ableIn(log: ReadableLog): readonly NodeId[] {
  return log
    .list('status')
    .map(({ value: { nodeId } }) => nodeId)
    .filter((nodeId) => isWantedControlPlane(nodeId, log) && !isDead(nodeId, log))
    .toSorted();
}

/** It serves as a control plane in this life of it, and the log goes on wanting that. */
function isWantedControlPlane(nodeId: NodeId, log: ReadableLog): boolean {
  if (!servesAsControlPlane(nodeId, log)) return false;
  const incarnation = log.get('node', nodeId)?.value.incarnation;
  const isOfThisLife = log.get('status', nodeId)?.value.incarnation === incarnation;
  return isOfThisLife && log.get('assignment', nodeId)?.value.role === 'control-plane';
}

function isDead(nodeId: NodeId, log: ReadableLog): boolean {
  return log.get('liveness', nodeId)?.value.verdict === 'dead';
}
