import { type Course, STEP_MS, watch } from './course.ts';
import { booting } from './decide-gates.ts';
import { tellLater } from './decide-proof.ts';
import { KUBELET_LOOKS, type Recipe } from './recipe.ts';
import { keepAfter, nameOf, step, type Work } from './work.ts';

/** Files and programs of before come back, and what runs of them. */
export function rollBack(work: Work, recipe: Recipe): Course {
  const text = 'puts back what was before';
  const closed = booting(work);
  if (closed) return closed;
  if (work.sight.inStateForMs >= STEP_MS) {
    const reason = 'what was before could not be put back within five minutes';
    const given = step(work, { type: 'host.unsettled', reason }, text);
    return { ...given, actions: [{ type: 'restart-kubelet' }, ...given.actions] };
  }
  const actions = [
    ...recipe.putBack(work),
    { type: 'forget-command', name: nameOf(work) } as const,
    ...(recipe.tidy?.(work) ?? []),
    keepAfter(work, { type: 'files.put-back' }),
  ];
  return { ...watch(text), actions };
}

/** The order has failed in any case; by then its host should serve again. */
export function settle(work: Work): Course {
  const { trouble, goodLooks, inStateForMs } = work.sight;
  const text = 'waits until it serves as before';
  if (trouble === null && goodLooks >= KUBELET_LOOKS)
    return step(work, { type: 'host.settled' }, text);
  if (trouble === null || inStateForMs < STEP_MS) return tellLater(work, text);
  const reason = `it does not serve as before either: ${trouble}`;
  return step(work, { type: 'host.unsettled', reason }, text);
}
