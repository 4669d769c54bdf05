import { departureKnownTo, ownEntries } from './place.ts';
import { changed, type Stage } from './stage.ts';
import type { Surroundings } from './surroundings.ts';

const FIRST_UNIT = 0;

/** Starts what goes by that name: a reset, a phase of a promotion, or kubeadm's init or join. */
export function startCommand(
  stage: Stage,
  name: string,
  around: Surroundings,
  index: number,
): Stage | undefined {
  const [command = '', attemptText] = name.split('-');
  if (command === 'reset') return startReset(stage, index);
  const attempt = Number(attemptText);
  if (!command.startsWith('phase')) return startAttempt(stage, { attempt, unit: 0 }, around, index);
  const unit = Number(command.slice('phase'.length)) - 1;
  const isFirst = unit === FIRST_UNIT && stage.place.started < attempt;
  return isFirst ? startAttempt(stage, { attempt, unit }, around, index) : goOn(stage, unit, index);
}

function startReset(stage: Stage, index: number): Stage {
  const { place } = stage;
  const hasServed = place.recorded?.progress.state === 'succeeded';
  const isCommitted = stateOfAsked(stage) === 'resetting';
  return changed(
    stage,
    { reset: 'running' },
    {
      type: 'reset',
      place: index,
      isCommitted,
      hasServed,
      isLetGo: isLetGo(stage),
      isMember: place.member !== 'none',
    },
  );
}

function startAttempt(
  stage: Stage,
  { attempt, unit }: { readonly attempt: number; readonly unit: number },
  { logAnswers }: Surroundings,
  index: number,
): Stage | undefined {
  const { place } = stage;
  const { asked } = ownEntries(place);
  if (!asked) return undefined;
  const ranInit = place.ranInit || asked.task === 'init';
  return changed(
    stage,
    { kubeadm: 'running', phase: unit, started: attempt, ranInit },
    {
      type: 'start',
      place: index,
      asked,
      attempt,
      startedBefore: place.started,
      isCommitted: stateOfAsked(stage) === 'running',
      logAnswers,
    },
  );
}

/** One more phase of an attempt that began. */
function goOn(stage: Stage, unit: number, index: number): Stage | undefined {
  const { asked } = ownEntries(stage.place);
  if (!asked) return undefined;
  const isCommitted = stateOfAsked(stage) === 'running';
  return changed(
    stage,
    { kubeadm: 'running', phase: unit },
    { type: 'go-on', place: index, asked, isCommitted },
  );
}

/** Whether a host that leaves, or stops being a control plane, may be touched. */
export function isLetGo({ place }: Stage): boolean {
  const { asked } = ownEntries(place);
  const leaves = asked?.task === 'retire' || asked?.task === 'demote';
  return !leaves || departureKnownTo(place) === 'done';
}

function stateOfAsked({ place }: Stage): string | undefined {
  const { asked } = ownEntries(place);
  return place.recorded?.name === asked?.name ? place.recorded?.progress.state : undefined;
}
