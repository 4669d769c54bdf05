import { attemptOf, type Progress, readProgress } from '../../machines/operation-progress.ts';
import type { Ports } from '../../ports/index.ts';
import { obeyedTerm } from '../../runtime/obeyed-term.ts';
import type { Assignment } from '../../state/assignment.ts';
import type { GenesisRecord } from '../../state/genesis-record.ts';
import { type HostMarker, parseHostMarker } from '../../state/host-marker.ts';
import { type HostListing, hostResidue } from '../../state/host-residue.ts';
import { retryOf } from '../../state/join-retry.ts';
import { type Entry, SINGLETON } from '../../state/kinds.ts';
import { isWorse, type KubernetesFacts, statusFacts } from '../../state/kubernetes-facts.ts';
import {
  ETCD_FOLDER,
  KUBERNETES_FOLDER,
  MANIFESTS_FOLDER,
  MARKER_FILE,
  PARKED_FOLDER,
  PKI_FOLDER,
} from '../../state/kubernetes-paths.ts';
import { type Sightings, seenForMs, withSightings } from '../../state/sightings.ts';
import type { Status } from '../../state/status.ts';
import { commandName } from './command.ts';
import { observeAssignment } from './observe-assignment.ts';
import { observeFiles } from './observe-files.ts';
import { observeKubelet } from './observe-kubelet.ts';
import { observeKubernetes } from './observe-kubernetes.ts';
import { observeRoleChange } from './observe-role-change.ts';
import { observeWork } from './observe-work.ts';
import type { Observed } from './observed.ts';

/** Name of the durable file that keeps the highest term obeyed. */
export const OBEYED_TERM = 'obeyed-term';

/** Which cluster's log it is, and which founding of it. */
export type LogIdentity = Pick<GenesisRecord, 'clusterId' | 'epoch'>;

/** What the controller keeps from pass to pass. To lose it costs time and nothing else. */
export interface Memory {
  /** Since when it has seen what it saw. */
  sightings: Sightings;
  /** The command for which it restarted the kubelet last. */
  kubeletRestartedFor?: string;
}

export async function observe(ports: Ports, log: LogIdentity, memory: Memory): Promise<Observed> {
  const { clock, files, self, store } = ports;
  const { nodeId, incarnation } = self;
  // Asked first: what is read afterwards is not older than that.
  const { synced } = store;
  const asked = observeAssignment(ports);
  const { assignment } = asked;
  const operation = assignment && store.get('operation', assignment.operationId);
  const progress = operation && readProgress(operation.value.snapshot);
  const reported = store.get('status', nodeId);
  const { kubernetesVersion, kubeletVersion } = wantedVersions(assignment, ports);

  const marker = parseHostMarker((await files.read(MARKER_FILE)) ?? '');
  const listing = await listHost(ports);
  const asksInit = assignment?.task === 'init' && progress?.state !== 'succeeded';
  const facts = await observeKubernetes(ports, listing, asksInit);
  const work = await observeWork(ports, {
    assignment,
    progress,
    marker,
    kubernetesVersion,
    kubeletVersion,
    reported: reported?.value.incarnation === incarnation ? reported.value : undefined,
  });
  const kubelet = await observeKubelet(ports, {
    task: assignment?.task,
    command: work.command.phase === 'running' ? commandOf(operation, progress) : undefined,
    restartedFor: memory.kubeletRestartedFor,
  });

  const roleChange = await observeRoleChange(ports, { assignment, progress, listing });

  return {
    clusterId: log.clusterId,
    nodeId,
    incarnation,
    wallMs: clock.wallMs(),
    kubernetesVersion,
    ...(kubeletVersion !== undefined && { kubeletVersion }),
    synced,
    ...asked,
    retry: retryOf(assignment?.task, store.get('spec', SINGLETON)?.value),
    obeyedTerm: await obeyedTerm(ports.durable, OBEYED_TERM, log.epoch),
    operation,
    reported,
    marker,
    residue: hostResidue(listing, ownTask(marker, assignment)),
    facts,
    ...work,
    ...(kubelet && { kubelet }),
    ...(roleChange && { roleChange }),
    ...(await observeFiles(ports.files, { assignment, progress, listing, facts })),
    ...durations(memory, clock.nowMs(), {
      state: stateOf(assignment, progress),
      listed: JSON.stringify(listing),
      worse: isWorseThan(reported?.value, facts),
    }),
  };
}

/** What a host is prepared for before it has an assignment is what the next one gets. */
function wantedVersions(assignment: Assignment | undefined, { store }: Ports) {
  if (assignment) return assignment;
  const release = store.get('release', SINGLETON)?.value;
  const spec = store.get('spec', SINGLETON)?.value;
  return {
    kubernetesVersion: release?.controlPlane ?? spec?.kubernetesVersion,
    kubeletVersion: release?.kubelet,
  };
}

function commandOf(operation: Entry<'operation'> | undefined, progress: Progress | undefined) {
  return operation && progress && commandName(operation.key, attemptOf(progress));
}

async function listHost({ files }: Ports): Promise<HostListing> {
  return {
    kubernetes: await files.list(KUBERNETES_FOLDER),
    manifests: await files.list(MANIFESTS_FOLDER),
    pki: await files.list(PKI_FOLDER),
    etcd: await files.list(ETCD_FOLDER),
    parked: await files.list(PARKED_FOLDER),
  };
}

/** Keys that another operation left are residue, whatever this one is about. */
function ownTask(marker: HostMarker | undefined, assignment: Assignment | undefined) {
  return marker?.operationId === assignment?.operationId ? assignment?.task : undefined;
}

function stateOf(assignment: Assignment | undefined, progress: Progress | undefined): string {
  return `${assignment?.operationId}/${progress?.failures}/${progress?.state}`;
}

function isWorseThan(reported: Status | undefined, facts: KubernetesFacts): boolean {
  if (reported === undefined) return false;
  return isWorse(statusFacts(facts, reported.kubernetes), reported.kubernetes);
}

interface Seen {
  readonly state: string;
  readonly listed: string;
  readonly worse: boolean;
}

function durations(memory: Memory, nowMs: number, { state, listed, worse }: Seen) {
  const present = [state, listed, ...(worse ? ['worse'] : [])];
  memory.sightings = withSightings(memory.sightings, present, nowMs);
  return {
    inStateForMs: seenForMs(memory.sightings, state, nowMs),
    listedForMs: seenForMs(memory.sightings, listed, nowMs),
    worseForMs: seenForMs(memory.sightings, 'worse', nowMs),
  };
}
