import type { Store } from '../ports/store.ts';
import type { NodeView } from '../state/agent-view.ts';
import type { Node } from '../state/node.ts';

/** The cluster as the local copy of the log shows it. */
export interface ClusterView {
  readonly leader: string | null;
  readonly kubernetesVersion: string | null;
  readonly wantedControlPlanes: number;
  readonly servingControlPlanes: number;
  /** In order of host name. */
  readonly nodes: readonly NodeView[];
}

/** Joins what the node said, what the leader asked, and how alive it is. */
export function clusterView(store: Pick<Store, 'get' | 'list'>): ClusterView {
  const spec = store.get('spec', 'current')?.value;
  const nodes = store
    .list('node')
    .map(({ value }) => nodeView(value, store))
    .sort((a, b) => a.hostname.localeCompare(b.hostname, 'en', { numeric: true }));
  return {
    leader: store.get('leadership', 'current')?.value.nodeId ?? null,
    kubernetesVersion: spec?.kubernetesVersion ?? null,
    wantedControlPlanes: spec?.controlPlanes ?? 0,
    servingControlPlanes: nodes.filter(isServingControlPlane).length,
    nodes,
  };
}

function nodeView(node: Node, store: Pick<Store, 'get'>): NodeView {
  const status = store.get('status', node.nodeId)?.value;
  const assignment = store.get('assignment', node.nodeId)?.value;
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
    liveness: verdict ?? 'unknown',
    waiting: status?.waiting ?? null,
  };
}

function isServingControlPlane(node: NodeView): boolean {
  return node.role === 'control-plane' && node.phase === 'serving' && node.liveness !== 'dead';
}
