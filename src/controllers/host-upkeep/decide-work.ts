import type { Action } from './action.ts';
import { type Course, OFTEN_MS, STEP_MS, wait, watch } from './course.ts';
import { awaitServers, renderManifests, swapAhead } from './decide-ahead.ts';
import { begin, startCommand } from './decide-begin.ts';
import { booting, closedGate, missingRelease } from './decide-gates.ts';
import { verify } from './decide-proof.ts';
import { rollBack, settle } from './decide-rollback.ts';
import type { Recipe } from './recipe.ts';
import { keepAfter, NEXT_STEP_MS, step, type Work } from './work.ts';

const FIRST_BACKOFF_MS = 10_000;
/** A host that lost its power starts its static pods by itself, in less than that. */
const SERVERS_START_MS = 120_000;

/** The next step of an order that changes the host. */
export function carryOut(work: Work, recipe: Recipe): Course {
  switch (work.job.progress.state) {
    case 'intended':
      return closedGate(work) ?? begin(work, recipe);
    case 'rendering':
      return renderManifests(work);
    case 'swapping':
      return swapAhead(work);
    case 'starting':
      return awaitServers(work);
    case 'running':
      return followCommand(work, recipe);
    case 'backing-off':
      return backOff(work);
    case 'switching':
      return change(work, recipe);
    case 'verifying':
      return verify(work, recipe);
    case 'rolling-back':
      return rollBack(work, recipe);
    case 'settling':
      return settle(work);
    case 'done':
    case 'failed':
      return { step: 'is over', actions: [] };
  }
}

function followCommand(work: Work, { afterCommand }: Recipe): Course {
  const { command, inStateForMs } = work.sight;
  switch (command.phase) {
    case 'running':
      return { ...watch('runs kubeadm'), actions: keepManifests(work), lookAgainMs: OFTEN_MS };
    case 'ended': {
      const { outcome, reason } = command;
      if (outcome === 'failed')
        return step(work, { type: 'command.failed', reason }, 'runs kubeadm');
      const next = step(work, afterCommand, 'runs kubeadm');
      return { ...next, actions: [{ type: 'sync-files' }, ...next.actions] };
    }
    case 'absent':
      break;
  }
  if (inStateForMs >= STEP_MS) {
    const reason = 'kubeadm could not be started within five minutes';
    return step(work, { type: 'command.failed', reason }, 'runs kubeadm');
  }
  return startAgain(work);
}

/**
 * kubeadm writes manifests without fsync. One that is torn is mended with the copy of before, which must
 * not bring an older etcd to what a newer one wrote: so that of the newer one is safe before it runs.
 */
function keepManifests({ sight }: Work): readonly Action[] {
  return sight.isUnsynced ? [{ type: 'sync-files' }] : [];
}

/** The power failed, or the start did: kubeadm finds what it had done. */
function startAgain(work: Work): Course {
  const { sight } = work;
  const closed = booting(work) ?? missingRelease(work);
  if (closed) return closed;
  const mend: readonly Action[] =
    sight.tornFiles.length > 0 ? [{ type: 'mend-files', paths: sight.tornFiles }] : [];
  const starts = sight.isControlPlane && !sight.apiServerReady;
  if (starts && sight.inStateForMs < SERVERS_START_MS) {
    return { ...watch('waits for its servers to start'), actions: mend };
  }
  return { ...watch('runs kubeadm'), actions: [...mend, startCommand(work)] };
}

function backOff(work: Work): Course {
  const { failures, reason } = work.job.progress;
  const leftMs = FIRST_BACKOFF_MS * 2 ** (failures - 1) - work.sight.inStateForMs;
  const text = 'waits before kubeadm runs again';
  if (leftMs <= 0) return step(work, { type: 'backoff.elapsed' }, text);
  const times = failures === 1 ? 'once' : `${failures} times`;
  const message = `kubeadm failed ${times} and is tried again: ${reason}`;
  return wait(text, { reason: 'kubeadm-failed', message }, leftMs);
}

function change(work: Work, recipe: Recipe): Course {
  const text = 'starts the kubelet of the release';
  const closed = booting(work);
  if (closed) return closed;
  if (work.sight.inStateForMs >= STEP_MS) {
    const reason = 'the kubelet of the release could not be started within five minutes';
    return step(work, { type: 'proof.missing', reason }, text);
  }
  const actions = [...recipe.change(work), keepAfter(work, { type: 'kubelet.switched' })];
  return { ...watch(text), actions, lookAgainMs: NEXT_STEP_MS };
}
