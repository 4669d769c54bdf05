import type { Command } from '../../state/command.ts';
import type { Action } from './action.ts';
import {
  type Argv,
  type ImageUnits,
  imageListCommand,
  imagePullCommand,
  imageUnits,
} from './commands.ts';
import { type Course, SOON_MS, wait, watch } from './course.ts';
import type { ArrivalSight, ImageSight } from './observed.ts';
import { keepAfter, type Work } from './work.ts';

const RETRY_MS = 30_000;
/** Of what only people can mend: a wrong sum is no better the next time. */
const FINAL_RETRY_MS = 300_000;
/** Names of images in a sentence; the rest is counted. */
const MOST_NAMES = 3;

/** What brings a release to a host, of which nothing that runs is touched. */
export type ArrivalAction = Extract<
  Action,
  { readonly type: 'obtain-release' | 'start-command' | 'forget-command' }
>;

/** A release that is to come to this host, and what was seen of it. */
export interface Arrival {
  readonly kubernetesVersion: string;
  /** Names of the units that list and pull images. */
  readonly units: ImageUnits;
  /** Words before each command. */
  readonly through: readonly string[];
  readonly sight: ArrivalSight;
}

type ArrivalCourse = Course<ArrivalAction>;

/** Programs and images of the release come to this host; nothing that runs is touched. */
export function prepare(work: Work): Course {
  const { kubernetesVersion, operationId } = work.order;
  const units = imageUnits(operationId);
  const course = bring({ kubernetesVersion, units, through: [], sight: work.sight });
  if (course) return course;
  return {
    step: 'is over',
    actions: [...forgetImageUnits(units), keepAfter(work, { type: 'proof.found' })],
    lookAgainMs: SOON_MS,
  };
}

/** Undefined once programs and images are all there. */
export function bring(arrival: Arrival): ArrivalCourse | undefined {
  const { images, arrival: progress } = arrival.sight;
  // A bundle may have images where the programs are there already.
  const isAsked = progress.phase === 'done' || progress.phase === 'failed';
  if (images === undefined || !isAsked) return obtain(arrival);
  const { list, missing } = images;
  if (list.phase !== 'ended' || missing === undefined) return listImages(arrival, images);
  return missing.length > 0 ? pullImages(arrival, images, missing) : undefined;
}

export function forgetImageUnits({ list, pull }: ImageUnits): readonly ArrivalAction[] {
  return [
    { type: 'forget-command', name: list },
    { type: 'forget-command', name: pull },
  ];
}

function obtain(arrival: Arrival): ArrivalCourse {
  const { kubernetesVersion, sight } = arrival;
  switch (sight.arrival.phase) {
    case 'idle':
      return { ...watch('fetches programs'), actions: [obtainAction(arrival)] };
    case 'under-way':
      return watch(`fetches ${sight.arrival.file || 'programs'}`);
    case 'done':
    case 'failed': {
      const why = sight.arrival.phase === 'failed' ? sight.arrival.message : sight.presence.problem;
      const message = `waiting for the programs of ${kubernetesVersion}: ${why}`;
      const waits = wait('waits for programs', { reason: 'release', message });
      return { ...waits, actions: obtainAgain(arrival) };
    }
  }
}

/** What nobody could bring is asked for again: people may have loaded it, or put it into its folder, meanwhile. */
function obtainAgain(arrival: Arrival): readonly ArrivalAction[] {
  const { arrival: progress, arrivalForMs } = arrival.sight;
  const isFinal = progress.phase === 'failed' && !progress.retryable;
  const retryMs = isFinal ? FINAL_RETRY_MS : RETRY_MS;
  return arrivalForMs >= retryMs ? [obtainAction(arrival)] : [];
}

function obtainAction({ kubernetesVersion }: Arrival): ArrivalAction {
  return { type: 'obtain-release', kubernetesVersion };
}

function listImages(arrival: Arrival, { list, inStateForMs }: ImageSight): ArrivalCourse {
  const argv = imageListCommand(questionOf(arrival));
  const command = programOf(arrival.units.list, argv, arrival);
  return runCommand(command, list, inStateForMs) ?? watch('looks which images it needs');
}

function pullImages(
  arrival: Arrival,
  { pull, inStateForMs }: ImageSight,
  missing: readonly string[],
): ArrivalCourse {
  const argv = imagePullCommand(questionOf(arrival));
  const command = programOf(arrival.units.pull, argv, arrival);
  const course = runCommand(command, pull, inStateForMs);
  if (course === undefined || course.waiting === undefined) return course ?? watch('pulls images');
  const { arrival: progress } = arrival.sight;
  const why = progress.phase === 'failed' ? `; ${progress.message}` : '';
  return {
    ...course,
    waiting: { reason: 'images', message: `${course.waiting.message}; ${lacks(missing)}${why}` },
    actions: [...course.actions, ...obtainAgain(arrival)],
  };
}

function lacks(missing: readonly string[]): string {
  const named = missing.slice(0, MOST_NAMES).join(', ');
  const others = missing.length > MOST_NAMES ? ` and ${missing.length - MOST_NAMES} more` : '';
  return `this host lacks ${named}${others}`;
}

interface Program {
  readonly name: string;
  readonly argv: Argv;
}

/** Undefined while it runs; one that ended did not bring what it should, and is run again after a while. */
function runCommand(
  { name, argv }: Program,
  command: Command,
  inStateForMs: number,
): ArrivalCourse | undefined {
  switch (command.phase) {
    case 'absent':
      return {
        ...watch('asks kubeadm for images'),
        actions: [{ type: 'start-command', name, argv }],
      };
    case 'running':
      return undefined;
    case 'ended': {
      const message = `waiting for the images of the release: kubeadm says ${command.reason}`;
      const waits = wait('waits for images', { reason: 'images', message });
      const again: readonly ArrivalAction[] =
        inStateForMs >= RETRY_MS ? [{ type: 'forget-command', name }] : [];
      return { ...waits, actions: again };
    }
  }
}

function programOf(name: string, argv: Argv, { through }: Arrival): Program {
  const [first = argv[0], ...rest] = [...through, ...argv];
  return { name, argv: [first, ...rest] };
}

function questionOf({ kubernetesVersion, sight }: Arrival) {
  const { imageRepository } = sight;
  const kubeadm = `${sight.presence.folder}/kubeadm`;
  return { kubeadm, kubernetesVersion, imageRepository };
}
