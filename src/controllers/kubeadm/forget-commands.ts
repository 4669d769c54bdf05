import { attemptOf } from '../../machines/operation-progress.ts';
import type { Action } from './action.ts';
import { commandName } from './command.ts';
import type { Job } from './operation-step.ts';
import { phaseNames } from './promotion-phases.ts';

/** What is left of the commands of this attempt; a unit that never was is as good as forgotten. */
export function forgetCommands({ assignment, progress }: Job): readonly Action[] {
  const { operationId, task } = assignment;
  const attempt = attemptOf(progress);
  const phases = task === 'promote' ? phaseNames(operationId, attempt) : [];
  const names = [commandName(operationId, attempt), ...phases];
  return names.map((name) => ({ type: 'forget-command', name }));
}
