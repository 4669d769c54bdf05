import { isKubeadmLeaf, KUBELET_SERVING_LEAF } from '../../state/leaf-files.ts';
import { isOver } from '../../state/leaf-life.ts';
import type { Action } from './action.ts';
import { act, type Course, SOON_MS, type Work, wait, watch } from './course.ts';
import { lockedOutKubelet } from './decide-kubelet.ts';
import { giveUp, putBack } from './decide-put-back.ts';
import type { Observed, Underway } from './observed.ts';
import { commandName, RESTARTED, type Renewal, type RestartedUser } from './renewal.ts';

/** kubeadm has 10 minutes, and whatever is started again two. */
const STEP_LIMIT_MS = 15 * 60_000;
/** What is over is tried for ever. */
const TRY_AGAIN_MS = 5 * 60_000;

/** The next step of a renewal that has begun, told by what the one before it left. */
export function continueRenewal(observed: Observed, underway: Underway): Course {
  const { renewal, inStepForMs } = underway;
  if (!observed.serves) return elsewhere(observed);
  if (renewal.phase === 'put-back') return putBack(observed, underway);
  if (renewal.ordered && inStepForMs >= STEP_LIMIT_MS) {
    return giveUp(underway, `it did not get on for 15 minutes: ${stepOf(underway)}`);
  }
  const course = renew(observed, underway);
  if (!renewal.ordered || course.work) return course;
  return { ...course, work: workOf(underway, stepOf(underway)) };
}

/** Whoever left Kubernetes gets none of its files back; while it is on its way, nobody touches them. */
function elsewhere({ settled }: Observed): Course {
  return settled ? act({ type: 'finish' }) : watch();
}

function renew(observed: Observed, underway: Underway): Course {
  const { renewal, command } = underway;
  if (!renewal.backedUp) return act({ type: 'back-up', renewal });
  if (command.phase === 'running') return watch();
  if (!renewal.synced) return runCommand(observed, underway);
  if (command.phase !== 'absent') return act(forget(underway));
  return nextRestart(observed, underway) ?? verify(observed, underway);
}

/** kubeadm writes without fsync: a power cut takes its unit with it, and may leave half of what it wrote. */
function runCommand(observed: Observed, underway: Underway): Course {
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
  return wait({ reason: 'certificates-over', message: message.slice(0, 1_000) });
}

/** Each leaf that kubeadm is to renew ends later than it did: nothing is started again before (S18). */
function isRenewed(observed: Observed, renewal: Renewal): boolean {
  return kubeadmLeaves(renewal).every((leaf) => isNew(observed, renewal, leaf));
}

type Before = Renewal['before'][number];

/** Without an order it is enough that none is over any more. */
function isNew(observed: Observed, { ordered }: Renewal, before: Before): boolean {
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

/** One after the other, and only beside an API server that answers: undefined once all were. */
function nextRestart(observed: Observed, underway: Underway): Course | undefined {
  const { renewal, kubeletRuns, apiServerReady } = underway;
  const [user] = usersOf(underway).filter((each) => !renewal.restarted.includes(each));
  if (user === undefined) return undefined;
  // Whoever ends without a kubelet stays away.
  if (!kubeletRuns) return lockedOutKubelet(observed) ?? watch();
  if (renewal.ordered && observed.hostsControlPlane && !apiServerReady) return watch();
  const restarted = [...renewal.restarted, user];
  return act({ type: 'restart', user, renewal: { ...renewal, restarted } });
}

function usersOf({ renewal, served }: Underway): readonly RestartedUser[] {
  const names = renewal.before.map(({ name }) => name);
  const showsFormerEtcd = served.some(
    ({ name, state }) => name.startsWith('etcd-') && state === 'former',
  );
  return [
    ...(names.some(isKubeadmLeaf) ? RESTARTED : []),
    // It reads its leaves at each handshake, so it is not disturbed but where it does not.
    ...(showsFormerEtcd ? (['etcd'] as const) : []),
    ...(names.includes(KUBELET_SERVING_LEAF) ? (['kubelet'] as const) : []),
  ];
}

/** Done is what a handshake shows. What was over is done as soon as nothing runs with it. */
function verify(observed: Observed, underway: Underway): Course {
  const { renewal, served, apiServerReady } = underway;
  if (!renewal.ordered) return act({ type: 'finish' });
  const isAllNew = renewal.before.every((leaf) => isNew(observed, renewal, leaf));
  const isServed = isAllNew && served.every(({ state }) => state === 'present');
  const answers = apiServerReady || !observed.hostsControlPlane;
  if (!isServed || !answers || !observed.synced) return watch();
  return { ...act({ type: 'finish' }), work: { ...workOf(underway, 'done'), state: 'done' } };
}

function forget({ renewal }: Underway): Action {
  return { type: 'forget-command', command: commandName(renewal) };
}

function workOf({ renewal }: Underway, step: string): Work {
  const { id, startedWallMs } = renewal;
  return { operationId: id, startedWallMs, step, state: 'under-way', reason: null };
}

/** For people. */
function stepOf(underway: Underway): string {
  if (!underway.renewal.synced) return 'renews certificates';
  const [user] = usersOf(underway).filter((each) => !underway.renewal.restarted.includes(each));
  return user ? `restarts ${user}` : 'looks whether the new certificates are served';
}
