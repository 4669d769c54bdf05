import type { CommandOutcome } from '../../machines/operation.ts';
import {
  advance,
  attemptOf,
  FIRST_PROGRESS,
  type Progress,
  readProgress,
} from '../../machines/operation-progress.ts';
import type { Assignment } from '../../state/assignment.ts';
import { backOffMs } from '../../state/join-retry.ts';
import { DISCOVERY_FILE, KUBEADM_CONFIG_FILE } from '../../state/kubernetes-paths.ts';
import { commandFor, commandName } from './command.ts';
import { type Course, SOON_MS, type Waiting, wait, watch } from './course.ts';
import { clean } from './decide-clean.ts';
import { demote } from './decide-demotion.ts';
import { closedGate, cutOff, missingHandover } from './decide-gates.ts';
import { hastenKubelet, lookAgainMs } from './decide-kubelet.ts';
import {
  awaitDrain,
  followPhases,
  isInPlace,
  launchInPlace,
  runsPhase,
} from './decide-promotion.ts';
import { finish, isProven } from './decide-proof.ts';
import { retire } from './decide-retirement.ts';
import { forgetCommands } from './forget-commands.ts';
import { keepWhatEtcdNeeds } from './keep-what-etcd-needs.ts';
import type { Observed } from './observed.ts';
import { failure, type Job, record, recordAfter, step } from './operation-step.ts';

/** How long the proof may lag behind the command; after a boot static pods take their time. */
const PROOF_GRACE_MS: Readonly<Record<CommandOutcome, number>> = {
  succeeded: 300_000,
  failed: 15_000,
  vanished: 120_000,
};
const LOOK_AGAIN_MS = 30_000;

/** The next step of an operation. Every step but waiting starts with an entry in the log (S3). */
export function install(observed: Observed, assignment: Assignment): Course {
  const { operation } = observed;
  if (!operation) {
    const first = record({ observed, assignment, progress: FIRST_PROGRESS });
    return closedGate(observed, assignment) ?? { phase: 'installing', actions: [first] };
  }
  const { nodeId, incarnation } = operation.value;
  if (nodeId !== observed.nodeId || incarnation !== observed.incarnation) {
    const message = `operation ${assignment.operationId} belongs to node ${nodeId}, incarnation ${incarnation}: waiting for the leader to assign anew`;
    return wait('waiting', { reason: 'operation-taken', message }, LOOK_AGAIN_MS);
  }
  const progress = readProgress(operation.value.snapshot);
  if (progress) return next({ observed, assignment, progress });
  const message = `operation ${assignment.operationId} was written by a newer agent: upgrade civitas on this node`;
  return wait('waiting', { reason: 'newer-agent', message }, LOOK_AGAIN_MS);
}

function next(job: Job): Course {
  switch (job.assignment.task) {
    case 'demote':
      return demote(job);
    case 'retire':
      return retire(job);
    default:
      return join(job);
  }
}

function join(job: Job): Course {
  const { observed, assignment, progress } = job;
  const mayEnd = advance(progress, { type: 'proof.found' }).state !== progress.state;
  const runs = observed.command.phase === 'running' || runsPhase(observed);
  if (mayEnd && !runs && isProven(job)) return finish(job);
  switch (progress.state) {
    case 'intended':
      return isInPlace(job) ? launchInPlace(job) : launch(job);
    case 'running':
      return isInPlace(job) ? followPhases(job) : followCommand(job);
    case 'verifying':
      return awaitProof(job);
    case 'failed':
      return isInPlace(job) ? awaitDrain(job) : backOff(job);
    case 'resetting':
      return clean(job);
    case 'gave-up':
      return wait('failed', gaveUp(assignment, progress), LOOK_AGAIN_MS);
    case 'succeeded':
      return { phase: 'serving', actions: [] };
  }
}

/** The entry comes before the start: whoever reads `running` knows that it may have started. */
function launch(job: Job): Course {
  const { observed, assignment } = job;
  const closed = closedGate(observed, assignment);
  if (closed) return closed;
  if (observed.residue.length > 0) return step(job, { type: 'residue.found' });
  const missing = missingHandover(observed, assignment);
  if (missing) return missing;

  const name = commandName(assignment.operationId, attemptOf(job.progress));
  return {
    phase: 'installing',
    actions: [
      { type: 'write-files', assignment },
      { type: 'announce-command', name },
      recordAfter(job, { type: 'start.committed' }),
      { type: 'start-command', name, argv: commandFor(assignment.task) },
    ],
    lookAgainMs: SOON_MS,
  };
}

function followCommand(job: Job): Course {
  const { command, residue } = job.observed;
  switch (command.phase) {
    case 'running':
      return {
        ...watch(),
        actions: [...keepWhatEtcdNeeds(job), ...hastenKubelet(job)],
        lookAgainMs: lookAgainMs(job.observed),
      };
    case 'ended': {
      const { outcome, reason } = command;
      return step(job, { type: 'command.ended', outcome, reason });
    }
    case 'announced':
      return residue.length === 0 ? step(job, { type: 'command.never-ran' }) : vanished(job);
    case 'absent':
      return vanished(job);
  }
}

/** Whether it ever ran nobody can tell, so it counts as an attempt: no command starts twice. */
function vanished(job: Job): Course {
  const reason = 'the machine was booted while kubeadm ran, or the agent ended before it started';
  return step(job, { type: 'command.ended', outcome: 'vanished', reason });
}

function awaitProof(job: Job): Course {
  const { observed, assignment, progress } = job;
  const isLate = observed.inStateForMs >= PROOF_GRACE_MS[progress.outcome ?? 'vanished'];
  const closed = cutOff(observed, assignment);
  if (observed.kubeletStranded && (!isLate || closed)) {
    return { ...watch(), actions: [{ type: 'restore-bootstrap' }] };
  }
  if (observed.residue.length === 0) return unproven(job);
  if (!isLate) return watch();
  return closed ?? unproven(job);
}

/** Nobody looks at the phases of a promotion any more, or needs its token. */
function unproven(job: Job): Course {
  const course = step(job, { type: 'proof.missing' });
  if (!isInPlace(job)) return course;
  const paths = [KUBEADM_CONFIG_FILE, DISCOVERY_FILE];
  const removal = { type: 'remove-files', paths } as const;
  return { ...course, actions: [removal, ...forgetCommands(job), ...course.actions] };
}

function backOff(job: Job): Course {
  const { observed, progress } = job;
  const leftMs = backOffMs(observed.retry, progress.failures) - observed.inStateForMs;
  if (leftMs <= 0) return step(job, { type: 'backoff.elapsed' });
  return { phase: 'installing', ...failure(job), actions: [], lookAgainMs: leftMs };
}

function gaveUp({ task }: Assignment, { failures, reason }: Progress): Waiting {
  const message = `kubeadm failed ${failures} times (${task}) and this host was cleaned; its place goes to another machine, so start one if there is none to spare: ${reason}`;
  return { reason: 'kubeadm-gave-up', message };
}
