import type { Store } from '../ports/store.ts';
import type { NodeView } from '../state/agent-view.ts';
import { hasDeparted } from '../state/departure.ts';
import { hasLeft } from '../state/has-left.ts';
import type { Liveness } from '../state/liveness.ts';
import type { Node } from '../state/node.ts';
import type { NodeId } from '../state/node-id.ts';
import { type OpenPlan, openPlans } from '../state/open-plans.ts';
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
  /** What the leader would do if people allowed it. */
  readonly plans: readonly OpenPlan[];
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
    plans: openPlans({
      spec: store.list('spec'),
      plans: store.list('plan'),
      approvals: store.list('approval'),
      rollouts: store.list('rollout'),
      progresses: store.list('progress'),
    }),
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
  const { nodeId } = node;
  const status = store.get('status', nodeId)?.value;
  const entry = store.get('assignment', nodeId);
  const assignment = entry?.value;
  const upkeep = store.get('upkeep', nodeId)?.value;
  const request = store.get('request', nodeId)?.value;
  const liveness = store.get('liveness', nodeId)?.value;
  const verdict = liveness?.verdict;
  const asked = request?.incarnation === node.incarnation ? request.type : undefined;
  const leaving = asked === 'leave';
  const departed = hasDeparted(assignment, store.get('departure', nodeId)?.value);
  const left = hasLeft({ assignment: entry, departed, leaving, status, liveness });
  const phase = left ? 'left' : livingPhase(status, verdict);
  return {
    nodeId,
    hostname: node.hostname,
    address: node.addresses[0] ?? '',
    zone: node.zone,
    role: assignment?.role ?? status?.role ?? null,
    phase,
    // What a dead node last said of itself is no longer true.
    ready: verdict !== 'dead' && (status?.kubernetes.nodeReady ?? false),
    kubeletVersion: status?.kubernetes.kubeletVersion ?? null,
    parts: upkeep?.incarnation === node.incarnation ? upkeep.parts : null,
    liveness: isMissed && verdict !== 'dead' ? 'suspect' : (verdict ?? 'unknown'),
    leaving,
    drain: phase === 'serving' ? drainOf(node, asked === 'drain', store) : null,
    ...readinessOf(status, standByOf(assignment, upkeep)),
  };
}

/** Nobody knows what becomes of one that is dead. */
function livingPhase(
  status: Status | undefined,
  verdict: Liveness['verdict'] | undefined,
): NodeView['phase'] {
  return verdict === 'dead' ? 'unknown' : (status?.phase ?? 'enrolled');
}

function drainOf(
  { nodeId, incarnation }: Node,
  isAsked: boolean,
  store: Pick<Store, 'get'>,
): NodeView['drain'] {
  const drain = store.get('drain', nodeId)?.value;
  if (drain?.incarnation === incarnation && drain.state !== 'released') return drain.state;
  return isAsked ? 'asked' : null;
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
