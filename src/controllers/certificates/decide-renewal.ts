import type { ServedLeaf } from '../../ports/certificates.ts';
import { isKubeadmLeaf, KUBELET_SERVING_LEAF } from '../../state/leaf-files.ts';
import { act, type Course, type Work, watch } from './course.ts';
import { forget, isNew, runCommand } from './decide-command.ts';
import { lockedOutKubelet } from './decide-kubelet.ts';
import { renewWhatIsOver } from './decide-over.ts';
import { giveUp, putBack } from './decide-put-back.ts';
import type { Observed, Underway } from './observed.ts';
import { RESTARTED, type RestartedUser } from './renewal.ts';

/** kubeadm has 10 minutes, and whatever is started again two. */
const STEP_LIMIT_MS = 15 * 60_000;

/** The next step of a renewal that has begun, told by what the one before it left. */
export function continueRenewal(observed: Observed, underway: Underway): Course {
  const { renewal, inStepForMs } = underway;
  if (!observed.serves) return elsewhere(observed);
  const overtaken = overtakenByTime(observed, underway);
  if (overtaken) return overtaken;
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

/**
 * The leaves of an order that was never ended are over by now, as after a year without power: nothing
 * can be proven with them, and the former ones are older still.
 */
function overtakenByTime(observed: Observed, underway: Underway): Course | undefined {
  if (!underway.renewal.ordered || underway.command.phase === 'running') return undefined;
  const course = renewWhatIsOver(observed);
  if (!course || course.actions.length === 0) return undefined;
  return underway.command.phase === 'absent' ? course : act(forget(underway), ...course.actions);
}

function renew(observed: Observed, underway: Underway): Course {
  const { renewal, command } = underway;
  if (!renewal.backedUp) return act({ type: 'back-up', renewal });
  if (command.phase === 'running') return watch();
  if (!renewal.synced) return runCommand(observed, underway);
  if (command.phase !== 'absent') return act(forget(underway));
  return nextRestart(observed, underway) ?? verify(observed, underway);
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
  const names = renewal.before.map(({ name }) => name);
  // What this renewal left alone may have been changed by hand, and is not for it to prove.
  const isProven = ({ name, state }: ServedLeaf) =>
    state === 'present' || (state === 'former' && !names.includes(name));
  const isServed = isAllNew && served.every(isProven);
  const answers = apiServerReady || !observed.hostsControlPlane;
  if (!isServed || !answers) return lockedOutKubelet(observed) ?? watch();
  if (!observed.synced) return watch();
  return { ...act({ type: 'finish' }), work: { ...workOf(underway, 'done'), state: 'done' } };
}

function workOf({ renewal }: Underway, step: string): Work {
  const { id, startedWallMs } = renewal;
  return { operationId: id, startedWallMs, step, state: 'under-way', reason: null };
}

/** For people. */
function stepOf(underway: Underway): string {
  if (!underway.renewal.synced) return 'renews certificates';
  const [user] = usersOf(underway).filter((each) => !underway.renewal.restarted.includes(each));
  if (user) return `restarts ${user}`;
  const late = underway.served.filter(({ state }) => state !== 'present');
  const looks = 'looks whether the new certificates are served';
  return late.length === 0
    ? looks
    : `${looks}: not yet by ${late.map(({ name }) => name).join(', ')}`;
}
