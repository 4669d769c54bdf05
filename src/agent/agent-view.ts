import { type ClusterView, clusterView } from '../engine/cluster-view.ts';
import { rolloutOf } from '../engine/rollout-of.ts';
import { wholeness } from '../engine/wholeness.ts';
import type { FormationView } from '../formation/view.ts';
import type { LeaseView } from '../ports/leases.ts';
import type { StoreHandle } from '../ports/store.ts';
import { newestRevision } from '../runtime/newest-revision.ts';
import type { WorkerHealth } from '../runtime/worker.ts';
import type { AgentView, Condition } from '../state/agent-view.ts';
import type { Node } from '../state/node.ts';
import type { NodeId } from '../state/node-id.ts';
import type { Probe } from '../state/probe.ts';
import { VERSION } from '../version.ts';
import { budgetView } from './budget-view.ts';
import { cancelledOf } from './cancelled-of.ts';
import { driftOf } from './drift-of.ts';
import { nextExpiryOf } from './next-expiry-of.ts';

export interface AgentFacts {
  readonly self: Node;
  readonly startedWallMs: number;
  readonly expectedNodes: number;
  readonly formation: FormationView;
  /** Undefined before there is a genesis record. */
  readonly store: StoreHandle | undefined;
  /** Whom this agent suspects, by what it and others find. */
  readonly missed: ReadonlySet<NodeId>;
  /** Signs of life that this agent heard. */
  readonly leases: readonly LeaseView[];
  /** What it found when it asked others directly. */
  readonly probes: readonly Probe[];
  readonly health: Readonly<Record<string, WorkerHealth>>;
  /** Why the log does not answer; undefined when it does. */
  readonly logProblem: string | undefined;
  /** Why something of this agent's state is not on disk; undefined when all of it is. */
  readonly diskProblem: { readonly code: string; readonly message: string } | undefined;
}

/** Everything `civitas status` shows, from what the parts of one agent know. Pure. */
export function agentView(facts: AgentFacts): AgentView {
  const { self, formation, store, missed } = facts;
  const cluster = store ? clusterView(store, missed) : undefined;
  const phase = phaseOf(facts);
  return {
    apiVersion: 'civitas.dev/v1alpha1',
    kind: 'ClusterStatus',
    agent: {
      nodeId: self.nodeId,
      hostname: self.hostname,
      version: VERSION,
      startedWallMs: Math.round(facts.startedWallMs),
    },
    phase,
    clusterId: formation.record?.clusterId ?? null,
    epoch: formation.record?.epoch ?? null,
    kubernetesVersion: cluster?.kubernetesVersion ?? null,
    ...summaryOf(facts, cluster, phase),
    leader: cluster?.leader ?? null,
    revision: store ? newestRevision(store) : 0,
    decisions: decisionsOf(store),
    controlPlanes: {
      wanted: cluster?.wantedControlPlanes ?? 0,
      serving: cluster?.servingControlPlanes ?? 0,
    },
    budget: budgetView(facts),
    ...(store ? changesOf(store, cluster) : NO_CHANGES),
    nodes: [...(cluster?.nodes ?? [])],
    discovery: formation.discovery.map(({ name, state, message }) => ({ name, state, message })),
    peers: formation.peers.map(({ nodeId, hostname, address, refusal }) => {
      return { nodeId, hostname, address, refusal };
    }),
    conditions: conditionsOf(facts),
  };
}

type Changes = Pick<AgentView, 'rollout' | 'cancelled' | 'plans' | 'certificates' | 'drift'>;

const NO_CHANGES: Changes = {
  rollout: null,
  cancelled: null,
  plans: [],
  certificates: null,
  drift: [],
};

/** What is being changed, what might be, and what somebody changed by hand. */
function changesOf(store: StoreHandle, cluster: ClusterView | undefined): Changes {
  return {
    rollout: rolloutOf(store),
    cancelled: cancelledOf(store, cluster?.nodes ?? []),
    plans: [...(cluster?.plans ?? [])],
    certificates: nextExpiryOf(store),
    drift: driftOf(store),
  };
}

function phaseOf({ formation, store }: AgentFacts): AgentView['phase'] {
  if (formation.record === null) return 'forming';
  return store?.synced ? 'running' : 'connecting';
}

function summaryOf(
  { formation, expectedNodes, logProblem, diskProblem }: AgentFacts,
  cluster: ClusterView | undefined,
  phase: AgentView['phase'],
): Pick<AgentView, 'whole' | 'summary'> {
  if (phase === 'forming') {
    return {
      whole: false,
      summary:
        diskProblem?.message ?? formation.waiting?.message ?? 'looking for the other machines',
    };
  }
  if (phase === 'connecting' || cluster === undefined) {
    const refounding = formation.waiting?.message;
    return { whole: false, summary: refounding ?? logProblem ?? 'waiting for the log to answer' };
  }
  return wholeness(cluster, expectedNodes);
}

function conditionsOf(facts: AgentFacts): Condition[] {
  const { formation, health, logProblem, diskProblem, store } = facts;
  const disk = diskProblem ? [failing('disk', diskProblem.code, diskProblem.message)] : [];
  const controllers = Object.entries(health).map(([source, worker]) => condition(source, worker));
  const alarms = formation.alarms.map((message): Condition => {
    return { source: 'formation', state: 'stalled', reason: 'alarm', message, sinceWallMs: null };
  });
  const log = logProblem === undefined ? [] : [failing('log', 'unreachable', logProblem)];
  const unread = (store?.problems() ?? []).map(({ message }) =>
    failing('log', 'unreadable', message),
  );
  return [...disk, ...alarms, ...log, ...unread, ...controllers];
}

function failing(source: string, reason: string, message: string): Condition {
  return { source, state: 'failing', reason, message, sinceWallMs: null };
}

function condition(source: string, health: WorkerHealth): Condition {
  switch (health.state) {
    case 'idle':
      return { source, state: 'idle', reason: null, message: null, sinceWallMs: null };
    case 'waiting':
      return { source, state: 'waiting', ...health.wait };
    case 'failing':
    case 'stalled':
      return {
        source,
        state: health.state,
        reason: health.code,
        message: health.message,
        sinceWallMs: null,
      };
  }
}

function decisionsOf(store: StoreHandle | undefined): Record<string, number> {
  if (!store) return {};
  const entries = [...store.list('assignment'), ...store.list('operation')];
  return Object.fromEntries(entries.map(({ kind, key, revision }) => [`${kind}/${key}`, revision]));
}
