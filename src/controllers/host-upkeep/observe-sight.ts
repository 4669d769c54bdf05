import { isHalfway, type UpkeepProgress } from '../../machines/upkeep-progress.ts';
import type { Ports } from '../../ports/index.ts';
import type { KubePod } from '../../ports/kube-objects.ts';
import type { ReleasePresence } from '../../ports/releases.ts';
import { wantedRelease } from '../../runtime/wanted-release.ts';
import { isDisruptive, type Order } from '../../state/order.ts';
import { commandName } from './commands.ts';
import { isOf, type Job } from './job.ts';
import { countLook, noteSightings, sinceMs } from './looks.ts';
import type { Memory } from './memory.ts';
import { formerRuns, observeCommand, observeImages } from './observe-commands.ts';
import { observeEtcd } from './observe-etcd.ts';
import type { ManifestImages } from './observe-parts.ts';
import { mirrorPods } from './observe-proof.ts';
import { observeRender } from './observe-render.ts';
import { observeSurroundings } from './observe-surroundings.ts';
import { observeTrouble } from './observe-trouble.ts';
import type { Command, Sight } from './observed.ts';
import { observeConfiguration } from './reconfigure/observe-configuration.ts';
import { manifestsChanged, tornFiles } from './upgrade-files.ts';

const ABSENT: Command = { phase: 'absent' };

interface Question {
  readonly order: Order;
  readonly job: Job | undefined;
  readonly images: ManifestImages;
}

interface SightQuestion extends Question {
  /** Before the images were read. */
  readonly isParked: boolean;
}

/** A host that is under an order which is not over. */
export async function observeSight(
  ports: Ports,
  { order, job, images, isParked }: SightQuestion,
  memory: Memory,
): Promise<Sight> {
  const { kube, releases } = ports;
  const own = isOf(job, order) ? job : undefined;
  const isControlPlane = images.get('kube-apiserver') !== undefined;
  const disturbs = isControlPlane && isDisruptive(order);
  const pods = disturbs ? await mirrorPods(ports) : undefined;
  const presence = await releases.present(wantedRelease(ports, order.kubernetesVersion));
  return {
    ...observeSurroundings(ports, order),
    presence,
    isParked,
    formerRuns: await formerRuns(ports, order, job),
    isControlPlane,
    isUnsynced: noteImages(memory, images),
    apiServerReady: disturbs && (await kube.localApiServerReady()),
    mirrorPods: pods?.map(({ uid }) => uid),
    ...(disturbs ? await observeEtcd(ports, own) : { etcdTrouble: null }),
    render: await observeRender(ports, own),
    ...(await observeConfiguration(ports, { order, isUntouched: !isBegun(own), isControlPlane })),
    ...(await observeCommandOf(ports, own)),
    ...(await observeTime(ports, { order, job: own, images, pods, presence, isParked }, memory)),
  };
}

function noteImages(memory: Memory, images: ManifestImages): boolean {
  const seen = JSON.stringify([...images]);
  memory.images = { ...memory.images, seen };
  return memory.images.synced !== seen;
}

function isBegun(job: Job | undefined): boolean {
  return job !== undefined && isHalfway(job.progress);
}

async function observeCommandOf(ports: Ports, job: Job | undefined) {
  const { files } = ports;
  if (!job || !isBegun(job)) return { command: ABSENT, tornFiles: [], isChanged: false };
  const { state } = job.progress;
  const name = commandName(job.operationId, job.progress.failures);
  const command = await observeCommand(ports, name);
  const mayBeTorn = state === 'running' && command.phase === 'absent';
  return {
    command,
    tornFiles: mayBeTorn ? await tornFiles(files) : [],
    isChanged: state === 'rolling-back' && (await manifestsChanged(files)),
  };
}

interface TimeQuestion extends Question {
  readonly pods: readonly KubePod[] | undefined;
  readonly presence: ReleasePresence;
  readonly isParked: boolean;
}

type TimeSight = Pick<
  Sight,
  'arrival' | 'arrivalForMs' | 'images' | 'trouble' | 'goodLooks' | 'inStateForMs'
>;

/** What the passing of time is of consequence for. */
async function observeTime(
  ports: Ports,
  { order, job, images, pods, presence, isParked }: TimeQuestion,
  memory: Memory,
): Promise<TimeSight> {
  const nowMs = ports.clock.nowMs();
  const state = stateOf(order, job?.progress);
  const arrival = await ports.releases.progress(order.kubernetesVersion);
  const asksImages = order.task === 'prepare' && presence.folder !== null;
  const found = asksImages ? await observeImages(ports, order) : undefined;
  const imageState = JSON.stringify([found?.list.phase, found?.pull.phase, found?.missing]);
  const arrivalState = `arrival ${arrival.phase}`;
  noteSightings(memory, [state, imageState, arrivalState], nowMs);
  const inStateForMs = sinceMs(memory, state, nowMs);
  const trouble = job
    ? await observeTrouble(ports, { job, images, pods, inStateForMs, isParked })
    : null;
  return {
    arrival,
    arrivalForMs: sinceMs(memory, arrivalState, nowMs),
    images: found && { ...found, inStateForMs: sinceMs(memory, imageState, nowMs) },
    trouble,
    goodLooks: countLook(memory, { of: state, trouble, nowMs }),
    inStateForMs,
  };
}

function stateOf({ operationId }: Order, progress: UpkeepProgress | undefined): string {
  return `${operationId}/${progress?.failures}/${progress?.state}`;
}
