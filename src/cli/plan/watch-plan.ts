import { setTimeout as delay } from 'node:timers/promises';
import { createLogUpdate } from 'log-update';
import { TerminalError } from '../../errors.ts';
import type { KnownLog } from '../../state/known-log.ts';
import { rolloutUnderWay } from '../../state/rollout-under-way.ts';
import { type RolloutView, rolloutView } from '../../state/rollout-view.ts';
import { knownLog } from '../known-log.ts';
import { paintFor } from '../paint.ts';
import { renderBars } from './render-bars.ts';
import { rolloutNews } from './rollout-news.ts';

const LOOK_EVERY_MS = 500;

/** Shows a rollout as it goes on. */
interface Screen {
  show(rollout: RolloutView): void;
  /** What was shown last stays. */
  end(): void;
}

/**
 * Follows a rollout, without a name the one under way, until it is done: a bar for each node on a
 * terminal, else a line for each change. TerminalError `plan.unknown`, and `watch.cancelled`.
 */
export async function watchPlan(name: string | undefined, stateDir: string): Promise<void> {
  const planId = name ?? rolloutUnderWay(await knownLog(stateDir))?.key;
  if (planId === undefined) {
    process.stdout.write('No rollout is under way.\n');
    return;
  }
  const screen = process.stdout.isTTY ? bars() : lines();
  const state = await follow(planId, stateDir, screen).finally(() => screen.end());
  if (state !== 'cancelled') return;
  throw new TerminalError(
    'watch.cancelled',
    `The rollout ${planId} was cancelled: edit the spec to ask anew.`,
  );
}

async function follow(
  planId: string,
  stateDir: string,
  screen: Screen,
): Promise<RolloutView['state']> {
  for (;;) {
    const rollout = viewOf(planId, await knownLog(stateDir));
    screen.show(rollout);
    if (rollout.state === 'done' || rollout.state === 'cancelled') return rollout.state;
    await delay(LOOK_EVERY_MS);
  }
}

function viewOf(planId: string, log: KnownLog): RolloutView {
  const entry = log.rollouts.find(({ key }) => key === planId);
  if (entry) return rolloutView(entry, log, Date.now());
  throw new TerminalError(
    'plan.unknown',
    `There is no rollout ${planId} at revision ${log.revision}, or no more: see \`civitas plan\`.`,
  );
}

function bars(): Screen {
  const draw = createLogUpdate(process.stdout);
  const paint = paintFor(process.stdout);
  return {
    show: (rollout) => draw(renderBars(rollout, { paint, wallMs: Date.now() })),
    end: () => draw.done(),
  };
}

function lines(): Screen {
  let before: RolloutView | undefined;
  return {
    show(rollout) {
      const news = rolloutNews(before, rollout);
      process.stdout.write(news.map((line) => `${line}\n`).join(''));
      before = rollout;
    },
    end() {},
  };
}
