import type { Action } from './action.ts';
import {
  type Argv,
  imageListCommand,
  imageListName,
  imagePullCommand,
  imagePullName,
} from './commands.ts';
import { type Course, SOON_MS, wait, watch } from './course.ts';
import type { Command, ImageSight } from './observed.ts';
import { keepAfter, type Work } from './work.ts';

const RETRY_MS = 30_000;
/** Of what only people can mend: a wrong sum is no better the next time. */
const FINAL_RETRY_MS = 300_000;
/** Names of images in a sentence; the rest is counted. */
const MOST_NAMES = 3;

/** Programs and images of the release come to this host; nothing that runs is touched. */
export function prepare(work: Work): Course {
  const { images, arrival } = work.sight;
  // A bundle may have images where the programs are there already.
  const isAsked = arrival.phase === 'done' || arrival.phase === 'failed';
  if (images === undefined || !isAsked) return obtain(work);
  const { list, missing } = images;
  if (list.phase !== 'ended' || missing === undefined) return listImages(work, images);
  if (missing.length > 0) return pullImages(work, images, missing);
  const { operationId } = work.order;
  return {
    step: 'is over',
    actions: [
      { type: 'forget-command', name: imageListName(operationId) },
      { type: 'forget-command', name: imagePullName(operationId) },
      keepAfter(work, { type: 'proof.found' }),
    ],
    lookAgainMs: SOON_MS,
  };
}

/** What nobody could bring is asked for again: people may have put it into its folder meanwhile. */
function obtain({ order, sight }: Work): Course {
  const { arrival, arrivalForMs, presence } = sight;
  const begin: Action = { type: 'obtain-release', kubernetesVersion: order.kubernetesVersion };
  switch (arrival.phase) {
    case 'idle':
      return { ...watch('fetches programs'), actions: [begin] };
    case 'under-way':
      return watch(`fetches ${arrival.file || 'programs'}`);
    case 'done':
    case 'failed': {
      const why = arrival.phase === 'failed' ? arrival.message : presence.problem;
      const message = `waiting for the programs of ${order.kubernetesVersion}: ${why}`;
      const waits = wait('waits for programs', { reason: 'release', message });
      const isFinal = arrival.phase === 'failed' && !arrival.retryable;
      const retryMs = isFinal ? FINAL_RETRY_MS : RETRY_MS;
      return { ...waits, actions: arrivalForMs >= retryMs ? [begin] : [] };
    }
  }
}

function listImages(work: Work, { list, inStateForMs }: ImageSight): Course {
  const { operationId } = work.order;
  const command = { name: imageListName(operationId), argv: imageListCommand(questionOf(work)) };
  return runCommand(command, list, inStateForMs) ?? watch('looks which images it needs');
}

function pullImages(
  work: Work,
  { pull, inStateForMs }: ImageSight,
  missing: readonly string[],
): Course {
  const { operationId } = work.order;
  const command = { name: imagePullName(operationId), argv: imagePullCommand(questionOf(work)) };
  const course = runCommand(command, pull, inStateForMs);
  if (course === undefined || course.waiting === undefined) return course ?? watch('pulls images');
  const named = missing.slice(0, MOST_NAMES).join(', ');
  const others = missing.length > MOST_NAMES ? ` and ${missing.length - MOST_NAMES} more` : '';
  const { message } = course.waiting;
  return {
    ...course,
    waiting: { reason: 'images', message: `${message}; this host lacks ${named}${others}` },
  };
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
): Course | undefined {
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
      const again: readonly Action[] =
        inStateForMs >= RETRY_MS ? [{ type: 'forget-command', name }] : [];
      return { ...waits, actions: again };
    }
  }
}

function questionOf({ order, sight }: Work) {
  const { imageRepository } = sight;
  const kubeadm = `${sight.presence.folder}/kubeadm`;
  return { kubeadm, kubernetesVersion: order.kubernetesVersion, imageRepository };
}
