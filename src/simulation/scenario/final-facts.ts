import { type ClusterView, clusterView } from '../../engine/cluster-view.ts';
import { rolloutOf } from '../../engine/rollout-of.ts';
import { wholeness } from '../../engine/wholeness.ts';
import type { NodeView } from '../../state/agent-view.ts';
import { SINGLETON } from '../../state/kinds.ts';
import { replicasOf } from '../../state/replicas.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Plan } from './plan.ts';
import type { FinalMachine } from './quorum.ts';
import type { FinalFacts } from './verdict.ts';

const NO_CLUSTER: ClusterView = {
  leader: null,
  kubernetesVersion: null,
  wantedControlPlanes: 0,
  servingControlPlanes: 0,
  nodes: [],
  plans: [],
};

/** The cluster as its log has it now, whoever can read that. */
export function viewOfLog(fleet: Fleet): ClusterView {
  const store = fleet.store();
  return store ? clusterView(store) : NO_CLUSTER;
}

/** Hosts of the log's replicas; undefined before there is a genesis record. */
export function replicaHosts({ machines, store }: Fleet): readonly string[] | undefined {
  const records = machines.map((machine) => machine.agent()?.formation.record());
  const record = records.find((each) => each);
  const entry = store()?.get('replicas', SINGLETON);
  if (!record) return undefined;
  return replicasOf(record, entry).replicas.map(({ nodeId }) => {
    return machines.find((machine) => machine.node().nodeId === nodeId)?.hostname ?? nodeId;
  });
}

/** `control-plane, replica of the log`: what is at stake with a machine. */
export function partOf(fleet: Fleet, hostname: string, replicas: readonly string[]): string {
  const role = viewOfLog(fleet).nodes.find((node) => node.hostname === hostname)?.role;
  const parts = [
    role ?? 'no role yet',
    ...(replicas.includes(hostname) ? ['replica of the log'] : []),
  ];
  return parts.join(', ');
}

/** How each machine ends after all of the plan. */
export function finalMachines(
  { machines, world }: Fleet,
  { events }: Plan,
): readonly FinalMachine[] {
  const killed = new Set(events.flatMap((event) => (event.type === 'kill' ? [event.host] : [])));
  const groups = events.flatMap((event) => (event.type === 'partition' ? event.groups : []));
  return machines.map(({ hostname }) => {
    const isOn = world.state.hosts.get(hostname)?.runtime !== undefined;
    const group = groups.findIndex((names) => names.includes(hostname));
    if (killed.has(hostname)) return { hostname, state: 'lost', group };
    return { hostname, state: isOn ? 'running' : 'off', group };
  });
}

export interface FinalQuestion {
  readonly plan: Plan;
  readonly expectedNodes: number;
  /** Undefined when the log was never founded. */
  readonly replicas: readonly string[] | undefined;
}

export function finalFacts(fleet: Fleet, question: FinalQuestion): FinalFacts {
  const { plan, expectedNodes, replicas } = question;
  const view = viewOfLog(fleet);
  const { whole, summary } = wholeness(view, expectedNodes);
  const etcdVoters = votersOf(fleet);
  return {
    machines: finalMachines(fleet, plan),
    logReplicas: replicas ?? null,
    etcdVoters,
    waiting: replicas ? null : whyNotFounded(fleet),
    logWorks: fleet.logs.newest()?.leader() !== undefined,
    apiWorks: [...fleet.world.state.hosts.values()].some(({ runtime }) => runtime?.apiServerReady),
    isWhole: whole,
    summary,
    controlPlanes: view.nodes.filter(isControlPlane).map(({ hostname }) => hostname),
    replaced: view.nodes.filter(isReplaced).map(({ hostname }) => hostname),
    wantedVersion: view.kubernetesVersion,
    behind: view.nodes.filter((node) => isBehind(node, view)).map(({ hostname }) => hostname),
    rollout: rolloutText(fleet),
  };
}

function isReplaced({ role, liveness }: NodeView): boolean {
  return role === 'spare' && liveness === 'dead';
}

function isControlPlane({ role }: NodeView): boolean {
  return role === 'control-plane';
}

function isBehind(
  { kubeletVersion, parts }: NodeView,
  { kubernetesVersion }: ClusterView,
): boolean {
  const { apiServer, controllerManager, scheduler } = parts ?? NO_PARTS;
  const versions = [kubeletVersion, apiServer, controllerManager, scheduler];
  return versions.some((version) => version !== null && version !== kubernetesVersion);
}

const NO_PARTS = { apiServer: null, controllerManager: null, scheduler: null };

function rolloutText(fleet: Fleet): string | null {
  const store = fleet.store();
  const rollout = store ? rolloutOf(store) : null;
  if (rollout === null) return null;
  const { planId, state, steps, doneSteps, waiting } = rollout;
  const waits = waiting === null ? '' : `, and waits: ${waiting.message.replace(/\.$/, '')}`;
  return `${planId} is ${state}, ${doneSteps} of ${steps} steps${waits}`;
}

function votersOf({ world }: Fleet): readonly string[] | null {
  const [cluster] = world.state.clusters.values();
  if (!cluster) return null;
  const hosts = [...world.state.hosts.values()];
  return cluster.etcd.members
    .filter(({ learner }) => !learner)
    .map(({ name, peerUrl }) => {
      const { hostname } = new URL(peerUrl);
      return hosts.find(({ address }) => address === hostname)?.name ?? name;
    });
}

function whyNotFounded({ machines }: Fleet): string | null {
  const views = machines.map((machine) => machine.agent()?.formation.view());
  return views.find((view) => view?.waiting)?.waiting?.message ?? null;
}
