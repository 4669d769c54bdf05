import { isKubeadmLeaf } from '../../state/leaf-files.ts';
import { isOver } from '../../state/leaf-life.ts';
import type { Action } from './action.ts';
import { act, type Course, SOON_MS, wait } from './course.ts';
import { giveUp } from './decide-put-back.ts';
import type { Observed, Underway } from './observed.ts';
import { commandName, type Renewal } from './renewal.ts';

/** What is over is tried for ever. */
const TRY_AGAIN_MS = 5 * 60_000;

/** kubeadm writes without fsync: a power cut takes its unit with it, and may leave half of what it wrote. */
export function runCommand(observed: Observed, underway: Underway): Course {
  const { renewal, command } = underway;
  const torn = kubeadmLeaves(renewal).filter((leaf) => !presentOf(observed, leaf));
  if (command.phase === 'absent' || command.phase === 'announced') {
    if (torn.length > 0) return mend(underway, torn);
    return { ...act({ type: 'renew', command: commandName(renewal) }), lookAgainMs: SOON_MS };
  }
  if (isRenewed(observed, renewal)) {
    return act({ type: 'sync-files', renewal: { ...renewal, synced: true } }, forget(underway));
  }
  return blame(observed, underway);
}

/** kubeadm makes nothing anew where it can not read what was there. */
function mend(underway: Underway, torn: Renewal['before']): Course {
  const { renewal } = underway;
  if (!renewal.ordered) return act({ type: 'mend', renewal, torn: torn.map(({ name }) => name) });
  return giveUp(underway, `a power cut left nothing of ${torn.map(({ name }) => name).join(', ')}`);
}

function blame(observed: Observed, underway: Underway): Course {
  const { renewal, command, inStepForMs } = underway;
  const left = kubeadmLeaves(renewal).filter((leaf) => !isNew(observed, renewal, leaf));
  const said = 'output' in command ? command.output.trim().slice(-300) : '';
  const names = left.map(({ name }) => name).join(', ');
  const why = `\`kubeadm certs renew all\` left ${names} as they were (${said})`;
  if (renewal.ordered) return giveUp(underway, why);
  if (inStepForMs >= TRY_AGAIN_MS) return act(forget(underway));
  const message = `${why}: look whether the keys of the authorities are under /etc/kubernetes/pki; it is tried again every 5 minutes`;
  return wait({ reason: 'certificates-over', message });
}

/** Each leaf that kubeadm is to renew ends later than it did: nothing is started again before (S18). */
function isRenewed(observed: Observed, renewal: Renewal): boolean {
  return kubeadmLeaves(renewal).every((leaf) => isNew(observed, renewal, leaf));
}

type Before = Renewal['before'][number];

/** Without an order it is enough that none is over any more. */
export function isNew(observed: Observed, { ordered }: Renewal, before: Before): boolean {
  const present = presentOf(observed, before);
  if (!present) return false;
  if (present.notAfterWallMs > before.notAfterWallMs) return true;
  return !ordered && !isOver(present, observed.wallMs);
}

function presentOf({ leaves }: Observed, { name }: Before) {
  return leaves.find((leaf) => leaf.name === name);
}

function kubeadmLeaves({ before }: Renewal): Renewal['before'] {
  return before.filter(({ name }) => isKubeadmLeaf(name));
}

export function forget({ renewal }: Underway): Action {
  return { type: 'forget-command', command: commandName(renewal) };
}
