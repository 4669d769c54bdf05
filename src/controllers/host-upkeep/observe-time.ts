import type { UpkeepProgress } from '../../machines/upkeep-progress.ts';
import type { Ports } from '../../ports/index.ts';
import type { KubePod } from '../../ports/kube-objects.ts';
import type { ReleasePresence } from '../../ports/releases.ts';
import type { Order } from '../../state/order.ts';
import type { Job } from './job.ts';
import { countLook, nextLookInMs, noteSightings, sinceMs, watchedForMs } from './looks.ts';
import type { Memory } from './memory.ts';
import { observeImages } from './observe-commands.ts';
import { leaderlessForMs, leaderSighting, leaderWord } from './observe-leader.ts';
import type { ManifestImages } from './observe-parts.ts';
import { observeTrouble } from './observe-trouble.ts';
import type { Sight } from './observed.ts';

interface Question {
  readonly order: Order;
  readonly job: Job | undefined;
  readonly images: ManifestImages;
  readonly isParked: boolean;
  /** When the pass began. */
  readonly beganMs: number;
  readonly pods: readonly KubePod[] | undefined;
  readonly presence: ReleasePresence;
}

type TimeSight = Pick<
  Sight,
  | 'arrival'
  | 'arrivalForMs'
  | 'images'
  | 'trouble'
  | 'untold'
  | 'goodLooks'
  | 'nextLookInMs'
  | 'inStateForMs'
>;

/** What the passing of time is of consequence for. */
export async function observeTime(
  ports: Ports,
  { order, job, images, pods, presence, isParked, beganMs }: Question,
  memory: Memory,
): Promise<TimeSight> {
  const nowMs = ports.clock.nowMs();
  const state = stateOf(order, job?.progress);
  const arrival = await ports.releases.progress(order.kubernetesVersion);
  const asksImages = order.task === 'prepare' && presence.folder !== null;
  const found = asksImages ? await observeImages(ports, order) : undefined;
  const imageState = JSON.stringify([found?.list.phase, found?.pull.phase, found?.missing]);
  const arrivalState = `arrival ${arrival.phase}`;
  const word = await leaderWord(ports, job, images.get('kube-apiserver') !== undefined);
  noteSightings(memory, [state, imageState, arrivalState, leaderSighting(word)], nowMs);
  const inStateForMs = sinceMs(memory, state, nowMs);
  const { trouble, untold } = job
    ? await observeTrouble(ports, {
        job,
        images,
        pods,
        inStateForMs,
        isParked,
        watchedForMs: watchedForMs(memory, state, nowMs),
        leaderlessForMs: leaderlessForMs(memory, word, nowMs),
      })
    : { trouble: null, untold: null };
  const goodLooks = countLook(memory, { of: state, trouble, nowMs });
  return {
    arrival,
    arrivalForMs: sinceMs(memory, arrivalState, nowMs),
    images: found && { ...found, inStateForMs: sinceMs(memory, imageState, nowMs) },
    trouble,
    untold,
    goodLooks,
    nextLookInMs: nextLookInMs(memory, { nowMs: ports.clock.nowMs(), leadMs: nowMs - beganMs }),
    inStateForMs,
  };
}

function stateOf({ operationId }: Order, progress: UpkeepProgress | undefined): string {
  return `${operationId}/${progress?.failures}/${progress?.state}`;
}
