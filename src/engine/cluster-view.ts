import type { Store } from '../ports/store.ts';
import type { NodeView } from '../state/agent-view.ts';
import { hasDeparted } from '../state/departure.ts';
import type { Node } from '../state/node.ts';
import type { NodeId } from '../state/node-id.ts';
import type { Status } from '../state/status.ts';
import { type StandBy, standByOf } from '../state/upkeep.ts';
import { wipedBy } from '../state/wiped.ts';

/** The cluster as the local copy of the log shows it. */
export interface ClusterView {
  readonly leader: string | null;
  readonly kubernetesVersion: string | null;
  readonly wantedControlPlanes: number;
  readonly servingControlPlanes: number;
  /** In order of host name. */
  readonly nodes: readonly NodeView[];
}

const NOBODY: ReadonlySet<NodeId> = new Set();

/**
 * Joins what the node said, what the leader asked, and how alive it is. `missed` are those that this
 * agent has reason to suspect, also before the leader wrote it down.
 */
export function clusterView(
  store: Pick<Store, 'get' | 'list'>,
  missed: ReadonlySet<NodeId> = NOBODY,
): ClusterView {
  const spec = store.get('spec', 'current')?.value;
  const gone = goneMachines(store);
  const nodes = store
    .list('node')
    .filter(({ key }) => !gone.has(key))
    .map(({ value }) => nodeView(value, store, missed.has(value.nodeId)))
    .sort((a, b) => a.hostname.localeCompare(b.hostname, 'en', { numeric: true }));
  return {
    leader: store.get('leadership', 'current')?.value.nodeId ?? null,
    kubernetesVersion: spec?.kubernetesVersion ?? null,
    wantedControlPlanes: spec?.controlPlanes ?? 0,
    servingControlPlanes: nodes.filter(isServingControlPlane).length,
    nodes,
  };
}

/** Machines that came back as other nodes, and left nothing in the cluster. */
function goneMachines(store: Pick<Store, 'get' | 'list'>): ReadonlySet<string> {
  const wiped = wipedBy({ nodes: store.list('node'), livenesses: store.list('liveness') });
  const gone = [...wiped.keys()].filter((nodeId) => {
    const assignment = store.get('assignment', nodeId)?.value;
    return (
      assignment === undefined || hasDeparted(assignment, store.get('departure', nodeId)?.value)
    );
  });
  return new Set(gone);
}

function nodeView(node: Node, store: Pick<Store, 'get'>, isMissed: boolean): NodeView {
  const status = store.get('status', node.nodeId)?.value;
  const assignment = store.get('assignment', node.nodeId)?.value;
  const upkeep = store.get('upkeep', node.nodeId)?.value;
  const request = store.get('request', node.nodeId)?.value;
  const verdict = store.get('liveness', node.nodeId)?.value.verdict;
  return {
    nodeId: node.nodeId,
    hostname: node.hostname,
    address: node.addresses[0] ?? '',
    zone: node.zone,
    role: assignment?.role ?? status?.role ?? null,
    phase: status?.phase ?? 'enrolled',
    // What a dead node last said of itself is no longer true.
    ready: verdict !== 'dead' && (status?.kubernetes.nodeReady ?? false),
    kubeletVersion: status?.kubernetes.kubeletVersion ?? null,
    parts: upkeep?.incarnation === node.incarnation ? upkeep.parts : null,
    liveness: isMissed && verdict !== 'dead' ? 'suspect' : (verdict ?? 'unknown'),
    leaving: request?.type === 'leave' && request.incarnation === node.incarnation,
    ...readinessOf(status, standByOf(assignment, upkeep)),
  };
}

function readinessOf(
  status: Status | undefined,
  standBy: StandBy | undefined,
): Pick<NodeView, 'standBy' | 'waiting'> {
  return {
    standBy: standBy?.state ?? null,
    waiting: status?.waiting ?? standBy?.waiting ?? null,
  };
}

function isServingControlPlane(node: NodeView): boolean {
  return node.role === 'control-plane' && node.phase === 'serving' && node.liveness !== 'dead';
}
