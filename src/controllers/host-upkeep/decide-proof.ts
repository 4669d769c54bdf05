import { ROLLBACK_FOLDER } from '../../state/kubernetes-paths.ts';
import { type Course, SOON_MS, STEP_MS, wait, watch } from './course.ts';
import type { Recipe } from './recipe.ts';
import { keepAfter, nameOf, step, type Work } from './work.ts';

/** What is over sooner would cost more entries in the log than it is worth. */
const WORTH_TELLING_MS = 30_000;

/** By what runs, look after look; how a command ended is no proof. */
export function verify(work: Work, recipe: Recipe): Course {
  const { sight, job } = work;
  const text = 'waits until all its parts are whole';
  if (sight.trouble === null && sight.goodLooks >= recipe.goodLooks) return finish(work, recipe);
  if (sight.trouble !== null && sight.inStateForMs >= STEP_MS) {
    const reason = `${job.kubernetesVersion} did not come up within five minutes: ${sight.trouble}`;
    return step(work, { type: 'proof.missing', reason }, text);
  }
  return tellLater(work, text);
}

/** What kubeadm wrote is safe from a power cut before anybody is told, as others build upon it. */
function finish(work: Work, { tidy = () => [] }: Recipe): Course {
  return {
    step: 'is over',
    actions: [
      { type: 'sync-files' },
      { type: 'forget-command', name: nameOf(work) },
      ...tidy(work),
      keepAfter(work, { type: 'proof.found' }),
      // Nobody puts them back any more; the next order makes others.
      { type: 'remove-tree', path: ROLLBACK_FOLDER },
    ],
    lookAgainMs: SOON_MS,
  };
}

/** Nothing is done; what is in the way is told when it stays. */
export function tellLater({ sight, job }: Work, text: string): Course {
  if (sight.trouble === null || sight.inStateForMs < WORTH_TELLING_MS) return watch(text);
  const former = job.progress.reason === null ? '' : ` (${job.progress.reason})`;
  const message = `waiting for all parts of this node: ${sight.trouble}${former}`;
  return wait(text, { reason: 'not-whole', message }, SOON_MS);
}
