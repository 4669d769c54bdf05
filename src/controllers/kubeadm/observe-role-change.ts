import type { Progress } from '../../machines/operation-progress.ts';
import type { Ports } from '../../ports/index.ts';
import type { Assignment } from '../../state/assignment.ts';
import {
  controlPlaneManifests,
  controlPlaneRemains,
  type HostListing,
} from '../../state/host-residue.ts';
import { KUBELET_CONF_FILE } from '../../state/kubernetes-paths.ts';
import { isBalanced } from './balance-kubelet.ts';
import { observePhases } from './observe-command.ts';
import type { DepartureView, RoleChange } from './observed.ts';

interface Question {
  readonly assignment: Assignment | undefined;
  readonly progress: Progress | undefined;
  readonly listing: HostListing;
}

/** Undefined where no role changes: to look costs processes. */
export async function observeRoleChange(
  ports: Ports,
  question: Question,
): Promise<RoleChange | undefined> {
  const { assignment, progress } = question;
  if (progress?.state === 'succeeded' || progress?.state === 'gave-up') return undefined;
  switch (assignment?.task) {
    case 'promote':
      return {
        ...nothing(assignment, ports),
        phases: await observePhases(ports, assignment.operationId, progress),
      };
    case 'demote':
      return { ...nothing(assignment, ports), ...(await controlPlaneOf(ports, question)) };
    case 'retire':
      return { ...nothing(assignment, ports), hasPodNetwork: await hasPodNetwork(ports) };
    default:
      return undefined;
  }
}

function nothing(assignment: Assignment, ports: Ports): RoleChange {
  return {
    departure: departureOf(assignment, ports),
    phases: [],
    manifests: [],
    processes: [],
    remains: [],
    kubeletBalanced: true,
    kubeletRunsForMs: undefined,
    hasPodNetwork: false,
  };
}

function departureOf(
  { nodeId, operationId, sponsor }: Assignment,
  { store }: Ports,
): DepartureView {
  const entry = store.get('departure', nodeId)?.value;
  const own = entry?.operationId === operationId ? entry : undefined;
  const by = own?.by ?? sponsor ?? 'a control plane';
  return {
    isDone: own?.state === 'done',
    by: store.get('node', by)?.value.hostname ?? by,
    why: own?.waiting?.message,
  };
}

async function controlPlaneOf(ports: Ports, { listing, progress }: Question) {
  const manifests = controlPlaneManifests(listing);
  const remains = controlPlaneRemains(listing);
  const endsThem = progress?.state === 'running' && manifests.length === 0;
  const isWorker = endsThem && remains.length === 0;
  return {
    manifests,
    remains,
    processes: endsThem ? await ports.host.controlPlaneProcesses() : [],
    kubeletRunsForMs: isWorker ? await ports.host.kubeletRunsForMs() : undefined,
    kubeletBalanced: isBalanced((await ports.files.read(KUBELET_CONF_FILE)) ?? ''),
  };
}

async function hasPodNetwork({ podNetwork }: Ports): Promise<boolean> {
  const { routes, cniPodCidr, masqueradeFor } = await podNetwork.observe();
  return routes.length > 0 || cniPodCidr !== null || masqueradeFor !== null;
}
