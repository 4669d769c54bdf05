import type { RolloutView, StepView } from '../../state/rollout-view.ts';
import { durationText } from '../duration-text.ts';
import type { Paint } from '../paint.ts';
import { plainTable } from '../plain-table.ts';
import { waitText } from './wait-text.ts';

interface Options {
  readonly paint: Paint;
  /** Now, on the wall clock that the steps were dated with. */
  readonly wallMs: number;
}

const BAR_CELLS = 16;

/** A rollout on a terminal: a bar for each node, and what it does. */
export function renderBars(rollout: RolloutView, options: Options): string {
  const nodes = [...Map.groupBy(rollout.steps, ({ nodeId }) => nodeId).values()];
  const rows = nodes.map((steps) => nodeRow(steps, options));
  return [headline(rollout, options), plainTable(['NODE', '', 'STEPS', 'NOW'], rows)].join('\n\n');
}

function headline(rollout: RolloutView, { paint, wallMs }: Options): string {
  const { planId, state, stage, doneSteps, steps, leftMs, waiting } = rollout;
  const left = leftMs === 0 ? '' : `, about ${durationText(leftMs)} left`;
  const where = stage === '-' ? '' : `, ${stage}`;
  const line = `${paint('bold', planId)} ${state}${where}: ${doneSteps} of ${steps.length} steps${left}`;
  const waits =
    waiting === null ? '' : `\n${paint('yellow', 'waits for')} ${waitText(waiting, wallMs)}`;
  return `${line}${waits}`;
}

function nodeRow(steps: readonly StepView[], options: Options): readonly string[] {
  const done = steps.filter(({ state }) => state === 'done');
  const parts = steps.map((step) => partDone(step, options.wallMs));
  const share = parts.reduce((sum, part) => sum + part, 0) / steps.length;
  const failed = steps.some(({ state }) => state === 'failed');
  const cells = Math.floor(share * BAR_CELLS);
  const bar = `${'█'.repeat(cells)}${'░'.repeat(BAR_CELLS - cells)}`;
  const colour = failed ? 'red' : done.length === steps.length ? 'green' : 'cyan';
  return [
    steps[0]?.hostname ?? '',
    options.paint(colour, bar),
    `${done.length}/${steps.length}`,
    nowText(steps, options),
  ];
}

/** A step that takes longer than estimated is not done for that. */
function partDone({ state, startedWallMs, estimateMs }: StepView, wallMs: number): number {
  if (state === 'done') return 1;
  if (state !== 'under-way' || startedWallMs === null || estimateMs === 0) return 0;
  return Math.min(0.9, Math.max(0, wallMs - startedWallMs) / estimateMs);
}

function nowText(steps: readonly StepView[], { paint, wallMs }: Options): string {
  const failed = steps.find(({ state }) => state === 'failed');
  if (failed) return paint('red', `${failed.task} failed`);
  const step = steps.find(({ state }) => state === 'under-way');
  if (step === undefined) return '';
  const { task, kubernetesVersion, doing, waiting } = step;
  const what = waiting === null ? (doing ?? '') : waitText(waiting, wallMs);
  return `${task} ${kubernetesVersion}${what === '' ? '' : `: ${what}`}`;
}
