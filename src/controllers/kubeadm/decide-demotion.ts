import { type Course, SOON_MS, wait, watch } from './course.ts';
import { awaitDeparture, closedGate, cutOff } from './decide-gates.ts';
import { finish, isProven } from './decide-proof.ts';
import type { RoleChange } from './observed.ts';
import { type Job, recordAfter } from './operation-step.ts';

/** Its pods end within 20 s; told when they take longer. */
const WORTH_TELLING_MS = 30_000;
/** A Node stays Ready for a while whatever its kubelet does: one that finds nobody has ended by then. */
const SETTLED_MS = 3_000;

/** The next step of a control plane on its way to a worker, under its pods. */
export function demote(job: Job): Course {
  const { observed, assignment, progress } = job;
  if (progress.state === 'succeeded') return { phase: 'serving', actions: [] };
  const closed = awaitDeparture(observed);
  if (closed) return closed;
  if (progress.state === 'running') return takeDown(job, observed.roleChange);
  return closedGate(observed, assignment) ?? begin(job);
}

function begin(job: Job): Course {
  const { assignment } = job;
  return {
    phase: 'installing',
    actions: [{ type: 'write-files', assignment }, recordAfter(job, { type: 'start.committed' })],
  };
}

/**
 * What stands on the host tells which step is next. A kubelet that is restarted before its static pods
 * ended waits for minutes for their volumes, and lets them serve meanwhile. Credentials of the control
 * plane go after the restart: as long as one is there, the kubelet may not have been restarted.
 */
function takeDown(job: Job, change: RoleChange | undefined): Course {
  if (!change) return watch();
  const { manifests, processes, remains, kubeletBalanced, kubeletRunsForMs } = change;
  if (manifests.length > 0) {
    return { phase: 'installing', actions: [{ type: 'remove-files', paths: manifests }] };
  }
  if (processes.length > 0) return awaitEnd(job, processes);
  if (remains.length > 0 || !kubeletBalanced) return becomeWorker(job, remains);
  const hasSettled = kubeletRunsForMs !== undefined && kubeletRunsForMs >= SETTLED_MS;
  return hasSettled && isProven(job) ? finish(job) : awaitReady(job);
}

function becomeWorker({ observed, assignment }: Job, remains: readonly string[]): Course {
  const closed = cutOff(observed, assignment);
  if (closed) return closed;
  return {
    phase: 'installing',
    actions: [{ type: 'balance-kubelet' }, { type: 'remove-trees', paths: remains }],
  };
}

function awaitEnd({ observed }: Job, processes: readonly string[]): Course {
  if (observed.inStateForMs < WORTH_TELLING_MS) return watch();
  const message = `waiting for the kubelet to end ${processes.join(', ')}, whose manifests are gone: \`crictl stop\` ends what it does not`;
  return wait('installing', { reason: 'control-plane-ends', message }, SOON_MS);
}

function awaitReady({ observed }: Job): Course {
  if (observed.inStateForMs < WORTH_TELLING_MS) return watch();
  const message =
    'waiting for the Node of this host to be Ready as a worker: look at `journalctl -u kubelet`';
  return wait('installing', { reason: 'worker-not-ready', message }, SOON_MS);
}
