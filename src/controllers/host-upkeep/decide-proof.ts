import { ROLLBACK_FOLDER } from '../../state/kubernetes-paths.ts';
import { type Course, SOON_MS, STEP_MS, wait, watch } from './course.ts';
import type { Recipe } from './recipe.ts';
import { keepAfter, NEXT_STEP_MS, nameOf, step, type Work } from './work.ts';

/** What is over sooner would cost more entries in the log than it is worth. */
const WORTH_TELLING_MS = 30_000;
const VERIFIES = 'waits until all its parts are whole';

/** By what runs, look after look; how a command ended is no proof. */
export function verify(work: Work, recipe: Recipe): Course {
  const { sight, job } = work;
  const missing = sight.trouble ?? sight.untold;
  if (missing === null && sight.goodLooks >= recipe.goodLooks) return finish(work, recipe);
  if (missing !== null && sight.inStateForMs >= STEP_MS) {
    const reason = `${job.kubernetesVersion} did not come up within five minutes: ${missing}`;
    return step(work, { type: 'proof.missing', reason }, VERIFIES);
  }
  return tellLater(work, VERIFIES);
}

/** What kubeadm wrote is safe from a power cut before anybody is told, as others build upon it. */
function finish(work: Work, { tidy = () => [] }: Recipe): Course {
  return {
    step: VERIFIES,
    actions: [
      { type: 'sync-files' },
      { type: 'forget-command', name: nameOf(work) },
      ...tidy(work),
      keepAfter(work, { type: 'proof.found' }),
      // Nobody puts them back any more; the next order makes others.
      { type: 'remove-tree', path: ROLLBACK_FOLDER },
    ],
    lookAgainMs: NEXT_STEP_MS,
  };
}

/** Nothing is done; what is in the way is told when it stays. */
export function tellLater({ sight, job }: Work, text: string): Course {
  const missing = sight.trouble ?? sight.untold;
  if (missing === null || sight.inStateForMs < WORTH_TELLING_MS) {
    return { ...watch(text), lookAgainMs: sight.nextLookInMs };
  }
  const former = job.progress.reason === null ? '' : ` (${job.progress.reason})`;
  const message = `waiting for all parts of this node: ${missing}${former}`;
  return wait(text, { reason: 'not-whole', message }, SOON_MS);
}
