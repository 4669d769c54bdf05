import type { Departure } from '../../state/departure.ts';
import type { Action } from './action.ts';
import type { Step } from './course.ts';
import type { SponsoredDeparture } from './observed.ts';

/** What no cordon that is taken back makes good. */
const FINAL: readonly Action['type'][] = ['remove-member', 'delete-node'];

type Question = Pick<SponsoredDeparture, 'of' | 'entry' | 'isRecalled'>;

/**
 * Whether the departure goes no further, as people took it back. Who sees to it decides that, by the entry
 * in which it also says that there is no way back: of both words only one comes into the log.
 */
export function stops(question: Question): boolean {
  const state = stateOf(question);
  return state === 'taken-back' || (question.isRecalled && state !== 'past-return');
}

/** What is told before the step: undefined when there is nothing left to do. */
export function stateAfter(question: Question, step: Step | undefined): Departure['state'] {
  if (step === undefined) return 'done';
  // Nobody takes a demotion back.
  const isFinal =
    question.of.task === 'retire' && step.actions.some(({ type }) => FINAL.includes(type));
  return isFinal || stateOf(question) === 'past-return' ? 'past-return' : 'under-way';
}

function stateOf({ of, entry }: Question): Departure['state'] | undefined {
  return entry?.value.operationId === of.operationId ? entry.value.state : undefined;
}
