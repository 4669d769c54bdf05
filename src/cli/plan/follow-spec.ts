import { setTimeout as delay } from 'node:timers/promises';
import type { RoleProjection } from '../../controllers/roles/projection/project.ts';
import type { SpecAnswer } from '../../state/local-changes.ts';
import { knownLog } from '../known-log.ts';
import { presentSpec } from '../present-spec.ts';
import { progressLine } from '../with-progress.ts';
import { type RolloutToCome, rolesToCome, rolloutToCome } from './consequences.ts';
import { watchPlan } from './watch-plan.ts';

const LOOK_EVERY_MS = 500;

/**
 * Follows the rollout that an edit leads to until it is done; ends at once where it leads to none, with
 * the roles that change.
 * Rejects like `watchPlan`.
 */
export async function followSpec(stateDir: string, { revision }: SpecAnswer): Promise<void> {
  const line = progressLine(process.stderr);
  for (;;) {
    const log = await knownLog(stateDir);
    const rollout = log.rollouts.find(({ value }) => value.specRevision >= revision);
    line.clear();
    if (rollout) return watchPlan(rollout.key, stateDir);
    const { spec } = presentSpec(log);
    const { answer, cancelled } = rolloutToCome(spec, log, Date.now());
    const follows = answer.type !== 'nothing' && cancelled === null;
    if (spec.revision >= revision && !follows) {
      process.stdout.write(renderNoRollout(cancelled, rolesToCome(spec.value, log)));
      return;
    }
    line.tell(
      answer.type === 'wait' ? answer.wait.message : 'waiting for the leader to plan a rollout',
    );
    await delay(LOOK_EVERY_MS);
  }
}

/** Roles change without one. */
function renderNoRollout(cancelled: RolloutToCome['cancelled'], roles: RoleProjection): string {
  const why =
    cancelled === null
      ? 'every node runs what the spec says'
      : `people cancelled ${cancelled}; edit the spec to ask anew`;
  const rows = roles.steps.map(({ why: reason }) => `  ${reason}\n`);
  const changes =
    rows.length === 0 ? '' : `Roles change, as \`civitas status\` shows:\n${rows.join('')}`;
  return `No rollout follows: ${why}.\n${changes}`;
}
