import { setTimeout as delay } from 'node:timers/promises';
import type { SpecAnswer } from '../../state/local-changes.ts';
import { knownLog } from '../known-log.ts';
import { presentSpec } from '../present-spec.ts';
import { progressLine } from '../with-progress.ts';
import { watchPlan } from './watch-plan.ts';
import { answerFor } from './what-if.ts';

const LOOK_EVERY_MS = 500;

/**
 * Follows the rollout that an edit leads to until it is done; ends at once where it leads to none.
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
    const answer = answerFor(spec.value, log, Date.now());
    if (spec.revision >= revision && answer.type === 'nothing') break;
    line.tell(
      answer.type === 'wait' ? answer.wait.message : 'waiting for the leader to plan a rollout',
    );
    await delay(LOOK_EVERY_MS);
  }
  process.stdout.write('No rollout follows: every node is as the spec says.\n');
}
