import type { Ports } from '../../ports/index.ts';
import { obeyedTerm } from '../../runtime/obeyed-term.ts';
import { clockTrouble } from '../../state/clock-agreement.ts';
import { PARKABLE } from '../../state/host-residue.ts';
import { bootstrapTokenIdIn } from '../../state/kubeadm/bootstrap-kubeconfig.ts';
import { kubeletHandover } from '../../state/kubelet-credentials.ts';
import {
  BOOTSTRAP_KUBELET_CONF_FILE,
  MANIFESTS_FOLDER,
  PARKED_FOLDER,
} from '../../state/kubernetes-paths.ts';
import type { LeafCertificate } from '../../state/leaf-certificates.ts';
import { isKubeadmLeaf } from '../../state/leaf-files.ts';
import { isOver } from '../../state/leaf-life.ts';
import { type Sightings, seenForMs, withSightings } from '../../state/sightings.ts';
import { observeOrder } from './observe-order.ts';
import type { Observed, Underway } from './observed.ts';
import { commandName, RESTARTED, type Renewal, renewalSchema } from './renewal.ts';

/** Names of the durable files: the renewal under way, and the highest term obeyed. */
export const RENEWAL = 'certificate-renewal';
export const OBEYED_TERM = 'obeyed-certificates-term';

const API_SERVER_MANIFEST = 'kube-apiserver.yaml';
/** The kernel keeps that much of a program's name. */
const NAME_CHARACTERS = 15;

/** What the controller keeps from pass to pass. To lose it costs time and nothing else. */
export interface Memory {
  sightings: Sightings;
}

export async function observe(ports: Ports, epoch: number, memory: Memory): Promise<Observed> {
  const { certificates, clock, files, self, store } = ports;
  const { nodeId, incarnation } = self;
  // Asked first: what is read afterwards is not older than that.
  const { synced } = store;
  const status = store.get('status', nodeId)?.value;
  const phase = status?.incarnation === incarnation ? status.phase : undefined;
  const leaves = await certificates.leaves();
  const wallMs = clock.wallMs();
  const manifests = await files.list(MANIFESTS_FOLDER);
  const parked = await files.list(PARKED_FOLDER);
  return {
    nodeId,
    incarnation,
    wallMs,
    synced,
    settled: phase === 'serving' || phase === 'spare',
    serves: phase === 'serving',
    hostsControlPlane: manifests.includes(API_SERVER_MANIFEST),
    parked: PARKABLE.some((name) => parked.includes(name)),
    leaves,
    clockTrouble: clockTrouble(ports.observers.clocks(), store),
    entry: store.get('certificates', nodeId),
    ...observeOrder(ports),
    obeyedTerm: await obeyedTerm(ports.durable, OBEYED_TERM, epoch),
    underway: await observeRenewal(ports, memory),
    notRunning: leaves.some((leaf) => isOverOfKubeadm(leaf, wallMs)) ? await notRunning(ports) : [],
    ...(await observeKubelet(ports)),
  };
}

function isOverOfKubeadm(leaf: LeafCertificate, wallMs: number): boolean {
  return isKubeadmLeaf(leaf.name) && isOver(leaf, wallMs);
}

async function observeRenewal(ports: Ports, memory: Memory): Promise<Underway | undefined> {
  const { certificates, clock, durable, host, kube, operations } = ports;
  const renewal = await durable.read(RENEWAL, renewalSchema);
  const nowMs = clock.nowMs();
  if (!renewal) {
    memory.sightings = new Map();
    return undefined;
  }
  const command = await operations.observe(commandName(renewal));
  const step = stepName(renewal, command.phase);
  memory.sightings = withSightings(memory.sightings, [step], nowMs);
  const restartsLeft = RESTARTED.some((user) => !renewal.restarted.includes(user));
  const isVerifying = renewal.synced && (!restartsLeft || !concernsKubeadm(renewal));
  return {
    renewal,
    command,
    apiServerReady: await kube.localApiServerReady(),
    kubeletRuns: (await host.kubeletRunsForMs()) !== undefined,
    served: isVerifying ? await certificates.served() : [],
    inStepForMs: seenForMs(memory.sightings, step, nowMs),
  };
}

function concernsKubeadm({ before }: Renewal): boolean {
  return before.some(({ name }) => isKubeadmLeaf(name));
}

function stepName({ id, phase, backedUp, synced, restarted }: Renewal, command: string): string {
  return [id, phase, backedUp, synced, command, ...restarted].join('/');
}

async function notRunning({ host }: Ports): Promise<Observed['notRunning']> {
  const running = await host.controlPlaneProcesses();
  return RESTARTED.filter((user) => !running.includes(user.slice(0, NAME_CHARACTERS)));
}

async function observeKubelet({
  files,
  self,
  store,
}: Ports): Promise<Pick<Observed, 'bootstrap' | 'handover'>> {
  const kubeconfig = await files.read(BOOTSTRAP_KUBELET_CONF_FILE);
  const handover = store.get('handover', self.nodeId)?.value;
  const isOurs = handover?.operationId === kubeletHandover(self.nodeId);
  return {
    bootstrap: kubeconfig === undefined ? undefined : { tokenId: bootstrapTokenIdIn(kubeconfig) },
    handover: isOurs ? handover : undefined,
  };
}
