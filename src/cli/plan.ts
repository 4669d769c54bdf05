import { TerminalError } from '../errors.ts';
import type { KnownLog } from '../state/known-log.ts';
import { plannedReplacements } from '../state/open-plans.ts';
import { planIdSchema } from '../state/plan.ts';
import { type RolloutView, rolloutView } from '../state/rollout-view.ts';
import { documentText } from './document-text.ts';
import { knownLog } from './known-log.ts';
import { paintFor } from './paint.ts';
import { renderPlans } from './plan/render-plans.ts';
import { renderReplacement } from './plan/render-replacement.ts';
import { renderRollout } from './plan/render-rollout.ts';

interface Options {
  readonly stateDir: string;
  readonly output: 'table' | 'wide' | 'json' | 'yaml';
  readonly whatIf?: boolean;
  readonly file?: string;
  readonly watch?: boolean;
}

const API_VERSION = 'civitas.dev/v1alpha1';

/**
 * Prints the rollouts and what waits for approval; with a name, every step of that rollout, or what that
 * replacement goes by. `--what-if`:
 * what another spec would lead to; `--watch`: until it ends. TerminalError `plan.unknown`, `cli.bad-plan`.
 */
export async function plan(name: string | undefined, options: Options): Promise<void> {
  refuseContradictions(name, options);
  if (options.whatIf) {
    const { whatIf } = await import('./plan/what-if.ts');
    return whatIf({ ...options, file: options.file ?? '-' });
  }
  if (options.watch)
    return (await import('./plan/watch-plan.ts')).watchPlan(name, options.stateDir);
  const log = await knownLog(options.stateDir);
  process.stdout.write(
    name === undefined ? await allPlans(log, options) : await onePlan(name, log, options),
  );
}

async function allPlans(log: KnownLog, { output }: Options): Promise<string> {
  const wallMs = Date.now();
  const rollouts = rolloutViews(log, wallMs);
  const plans = plannedReplacements(log);
  if (output === 'json' || output === 'yaml') {
    return documentText({ apiVersion: API_VERSION, kind: 'Plans', rollouts, plans }, output);
  }
  return renderPlans(rollouts, plans, { wide: output === 'wide', wallMs });
}

async function onePlan(name: string, log: KnownLog, { output }: Options): Promise<string> {
  const wallMs = Date.now();
  const rollout = rolloutViews(log, wallMs).find(({ planId }) => planId === name);
  if (rollout === undefined) return oneReplacement(name, log, output);
  if (output === 'json' || output === 'yaml') {
    return documentText({ apiVersion: API_VERSION, kind: 'Rollout', ...rollout }, output);
  }
  return renderRollout(rollout, { paint: paintFor(process.stdout), wallMs });
}

async function oneReplacement(
  name: string,
  log: KnownLog,
  output: Options['output'],
): Promise<string> {
  const replacement = plannedReplacements(log).find(({ planId }) => planId === name);
  if (replacement === undefined) throw unknown(name, log);
  if (output === 'json' || output === 'yaml') {
    return documentText({ apiVersion: API_VERSION, kind: 'Plan', ...replacement }, output);
  }
  return renderReplacement(replacement, log);
}

function rolloutViews(log: KnownLog, wallMs: number): readonly RolloutView[] {
  const entries = log.rollouts.toSorted((left, right) => left.revision - right.revision);
  return entries.map((entry) => rolloutView(entry, log, wallMs));
}

function unknown(name: string, { rollouts, plans, revision }: KnownLog): TerminalError {
  const names = [...rollouts, ...plans].map(({ key }) => key).join(', ');
  const others = names === '' ? 'there is none' : `choose from ${names}`;
  return new TerminalError(
    'plan.unknown',
    `There is no plan ${name} at revision ${revision}, or no more: ${others}.`,
  );
}

function refuseContradictions(name: string | undefined, { whatIf, file, watch }: Options): void {
  if (name !== undefined && !planIdSchema.safeParse(name).success) {
    throw new TerminalError(
      'cli.bad-plan-name',
      `${name} is no name of a plan: choose one that \`civitas plan\` shows.`,
    );
  }
  if (whatIf === true && file === undefined) {
    throw badQuestion('--what-if needs a document: add -f FILE');
  }
  if (whatIf !== true && file !== undefined) throw badQuestion('-f is for --what-if: add that');
  if (whatIf === true && (watch === true || name !== undefined)) {
    throw badQuestion('--what-if is about no plan that there is: leave the rest out');
  }
}

function badQuestion(sentence: string): TerminalError {
  return new TerminalError('cli.bad-question', `${sentence}.`);
}
