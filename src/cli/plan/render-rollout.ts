import type { RolloutView, StepView } from '../../state/rollout-view.ts';
import { durationText } from '../duration-text.ts';
import type { Paint } from '../paint.ts';
import { plainTable } from '../plain-table.ts';
import { timeText } from '../time-text.ts';
import { waitText } from './wait-text.ts';

interface Options {
  readonly paint: Paint;
  /** Now, on the wall clock that the waits were dated with. */
  readonly wallMs: number;
}

/** The human form of `civitas plan NAME`: what it is, what has to be so, and every step. */
export function renderRollout(rollout: RolloutView, options: Options): string {
  return `${headline(rollout, options)}\n\n${facts(rollout, options)}\n\n${stepTable(rollout, options)}\n`;
}

/** Of a rollout that nobody has asked for yet. */
export function renderWouldBe(rollout: RolloutView, options: Options): string {
  return `${headline(rollout, options)}\n\n${conditions(rollout)}\n\n${stepTable(rollout, options)}\n`;
}

function headline({ planId, summary }: RolloutView, { paint }: Options): string {
  return `${paint('bold', planId)}: ${summary}`;
}

function facts(rollout: RolloutView, { paint, wallMs }: Options): string {
  const { waiting, word, approved, plannedWallMs, revision, specRevision } = rollout;
  const said = [...(approved ? ['approve'] : []), ...(word === null ? [] : [word])];
  const lines = [
    `State:      ${stateText(rollout)}`,
    `Planned:    ${timeText(plannedWallMs)}, from revision ${revision}, for the spec of revision ${specRevision}`,
    ...(said.length === 0 ? [] : [`People say: ${said.join(', ')}`]),
    ...(waiting === null ? [] : [`${paint('yellow', 'Waits for:')}  ${waitText(waiting, wallMs)}`]),
    conditions(rollout),
  ];
  return lines.join('\n');
}

function conditions({ preconditions, expected, leftMs }: RolloutView): string {
  return [
    ...preconditions.map(
      (each, index) => `${index === 0 ? 'Before it:  ' : '            '}${each}`,
    ),
    `Afterwards: ${expected}`,
    ...(leftMs === 0 ? [] : [`Takes:      about ${durationText(leftMs)}, if nothing keeps it`]),
  ].join('\n');
}

function stateText({ state, stage, doneSteps, steps }: RolloutView): string {
  const where = stage === '-' ? '' : `, ${stage}`;
  return `${state}${where}, ${doneSteps} of ${steps.length} steps`;
}

function stepTable({ steps }: RolloutView, options: Options): string {
  const head = ['#', 'NODE', 'TASK', 'RELEASE', 'DISTURBS', 'UNDO', 'TAKES', 'STATE'];
  return plainTable(
    head,
    steps.map((step, index) => [String(index + 1), ...stepRow(step, options)]),
  );
}

function stepRow(step: StepView, options: Options): readonly string[] {
  const { hostname, task, first, kubernetesVersion, disturbs, undo, estimateMs } = step;
  return [
    hostname,
    first ? `${task} (first)` : task,
    kubernetesVersion,
    disturbs,
    undo,
    durationText(estimateMs),
    stepStateText(step, options),
  ];
}

const COLOURS = {
  'to-do': 'dim',
  'under-way': 'yellow',
  done: 'green',
  failed: 'red',
  dropped: 'dim',
} as const;

function stepStateText(step: StepView, { paint, wallMs }: Options): string {
  const { state, startedWallMs, endedWallMs, doing, waiting, why } = step;
  const word = paint(COLOURS[state], state.replace('-', ' '));
  if (startedWallMs === null) return word;
  const what = endedWallMs === null ? (waiting?.message ?? doing) : why;
  const time =
    endedWallMs === null
      ? `for ${durationText(wallMs - startedWallMs)}`
      : `after ${durationText(endedWallMs - startedWallMs)}`;
  return `${word} ${time}${what ? `: ${what}` : ''}`;
}
