import { attemptOf } from '../../machines/operation-progress.ts';
import { KUBELET_CONF_FILE } from '../../state/kubernetes-paths.ts';
import type { Action } from './action.ts';
import { phaseName } from './command.ts';
import { type Course, wait, watch } from './course.ts';
import { closedGate, cutOff, missingHandover } from './decide-gates.ts';
import { keepWhatEtcdNeeds } from './keep-what-etcd-needs.ts';
import type { Command, Observed } from './observed.ts';
import { type Job, recordAfter, step } from './operation-step.ts';
import { promotionPhases } from './promotion-phases.ts';

const ABSENT: Command = { phase: 'absent' };
const FIRST = 0;
/** Most phases end within half a second, and a cluster that lost a control plane waits. */
const NEXT_PHASE_MS = 500;
const LOOK_AGAIN_MS = 5_000;

/** Whether this attempt makes a control plane of the worker as it runs, and not of an empty host. */
export function isInPlace({ assignment }: Job): boolean {
  return assignment.task === 'promote';
}

/** The entry comes before the first phase: whoever reads `running` knows that phases may have run. */
export function launchInPlace(job: Job): Course {
  const { observed, assignment } = job;
  const closed = closedGate(observed, assignment);
  if (closed) return closed;
  if (!isWorker(observed)) {
    const reason = 'no worker that could be promoted in place stands on this host';
    return step(job, { type: 'attempt.ruled-out', reason });
  }
  const missing = missingHandover(observed, assignment);
  if (missing) return missing;
  return {
    phase: 'installing',
    actions: [
      { type: 'write-files', assignment },
      recordAfter(job, { type: 'start.committed' }),
      startPhase(job, FIRST),
    ],
    lookAgainMs: NEXT_PHASE_MS,
  };
}

/** What a demotion left half done, or never served and is not Ready, is nothing to build upon. */
function isWorker({ residue, formerOperation, facts }: Observed): boolean {
  if (!residue.includes(KUBELET_CONF_FILE)) return false;
  if (formerOperation === 'ended' && facts.hostsControlPlane) return false;
  const { node } = facts;
  const ready = node !== 'absent' && node !== 'unknown' && node.ready;
  return ready || formerOperation !== 'ended';
}

/**
 * The first phase that did not end well yet. A boot takes all units, and then all phases run again:
 * each finds what it left. Only etcd would be restarted for nothing where it is whole.
 */
export function followPhases(job: Job): Course {
  const { observed, assignment } = job;
  const phases = promotionPhases(assignment.kubernetesVersion);
  const index = phases.findIndex(
    ({ joinsEtcd }, at) => !isOver(phaseAt(observed, at), joinsEtcd, observed),
  );
  if (index < 0) {
    const reason = 'all phases of the promotion ended well';
    return step(job, { type: 'command.ended', outcome: 'succeeded', reason });
  }
  const command = phaseAt(observed, index);
  if (command.phase === 'running') {
    return { ...watch(), actions: keepWhatEtcdNeeds(job), lookAgainMs: NEXT_PHASE_MS };
  }
  if (command.phase === 'ended') {
    const { outcome, reason } = command;
    return step(job, { type: 'command.ended', outcome, reason });
  }
  const closed = cutOff(observed, assignment);
  const actions = [startPhase(job, index)];
  return closed ?? { ...watch(), actions, lookAgainMs: NEXT_PHASE_MS };
}

/**
 * One attempt is all there is under running pods. They run on, and the host stays as it is, until the
 * leader has the node drained: from then on it goes by what the leader asks.
 */
export function awaitDrain({ progress }: Job): Course {
  const message = `this host is left as it is until the leader has it drained, reset and joined anew, as its promotion under its pods failed: ${progress.reason}`;
  return wait('installing', { reason: 'promotion-failed', message }, LOOK_AGAIN_MS);
}

export function runsPhase({ roleChange }: Observed): boolean {
  return roleChange?.phases.some(({ phase }) => phase === 'running') ?? false;
}

function isOver(command: Command, joinsEtcd: boolean, { facts }: Observed): boolean {
  if (command.phase === 'ended') return command.outcome === 'succeeded';
  return joinsEtcd && command.phase !== 'running' && facts.etcdMember === 'voter';
}

function phaseAt({ roleChange }: Observed, index: number): Command {
  return roleChange?.phases[index] ?? ABSENT;
}

function startPhase({ assignment, progress }: Job, index: number): Action {
  const { operationId, kubernetesVersion } = assignment;
  const { argv } = promotionPhases(kubernetesVersion)[index] ?? { argv: ['kubeadm'] };
  const name = phaseName(operationId, attemptOf(progress), index);
  return { type: 'start-command', name, argv };
}
