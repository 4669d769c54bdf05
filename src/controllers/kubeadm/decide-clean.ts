import { attemptOf } from '../../machines/operation-progress.ts';
import {
  DISCOVERY_FILE,
  ETCD_FOLDER,
  KUBEADM_CONFIG_FILE,
  LEAVES_CONFIG_FILE,
  MARKER_FILE,
  PARKED_FOLDER,
  SHARED_FILES,
} from '../../state/kubernetes-paths.ts';
import type { Action } from './action.ts';
import { RESET_COMMAND, RETIREMENT_RESET, resetName } from './command.ts';
import { type Course, wait, watch } from './course.ts';
import { cutOff } from './decide-gates.ts';
import { forgetCommands } from './forget-commands.ts';
import { failure, type Job, recordAfter } from './operation-step.ts';

const RETRY_MS = 10_000;

/** The marker comes last: what a crash leaves behind is still known to be ours. */
const OUR_FILES = [
  KUBEADM_CONFIG_FILE,
  DISCOVERY_FILE,
  LEAVES_CONFIG_FILE,
  ...SHARED_FILES.map(({ path }) => path),
  MARKER_FILE,
];

/** Takes from the host what the failed attempt, or a former operation, left there. */
export function clean(job: Job): Course {
  const { observed, assignment, progress } = job;
  const { command, reset, residue, formerOperation } = observed;
  const running = [command.phase, reset.phase, formerOperation].includes('running');
  if (running) return { ...watch(), ...failure(job) };
  if (residue.length === 0) return cleaned(job);

  const closed = cutOff(observed, assignment);
  if (closed) return closed;
  if (reset.phase === 'absent' && votesBesideOthers(job)) {
    return { phase: 'installing', ...failure(job), actions: [{ type: 'leave-etcd' }] };
  }
  const name = resetName(assignment.operationId, attemptOf(progress));
  if (reset.phase === 'absent') {
    return {
      phase: 'installing',
      ...failure(job),
      actions: [{ type: 'start-command', name, argv: resetCommand(job) }],
    };
  }
  if (residue.every(isLeftByReset)) {
    const removal: Action = { type: 'remove-trees', paths: residue };
    return { phase: 'installing', ...failure(job), actions: [removal] };
  }
  const message = `kubeadm reset left ${residue[0]} and is tried again: ${reset.phase === 'ended' ? reset.reason : ''}`;
  return {
    ...wait('installing', { reason: 'reset-incomplete', message }, RETRY_MS),
    actions: [{ type: 'forget-command', name }],
  };
}

function resetCommand({ assignment }: Job): typeof RESET_COMMAND {
  return assignment.task === 'retire' ? RETIREMENT_RESET : RESET_COMMAND;
}

/** kubeadm finds the data of etcd by its manifest alone, and knows of no other folder of manifests. */
function isLeftByReset(path: string): boolean {
  return path.startsWith(`${ETCD_FOLDER}/`) || path.startsWith(`${PARKED_FOLDER}/`);
}

function votesBesideOthers({ observed, assignment }: Job): boolean {
  return assignment.task !== 'init' && observed.facts.etcdMember === 'voter';
}

function cleaned(job: Job): Course {
  const { observed, assignment, progress } = job;
  const { operationId } = assignment;
  const ours = observed.marker?.clusterId === observed.clusterId;
  const removal: readonly Action[] = ours ? [{ type: 'remove-files', paths: OUR_FILES }] : [];
  return {
    phase: 'installing',
    ...failure(job),
    actions: [
      ...(assignment.task === 'retire' ? [{ type: 'clear-pod-network' } as const] : []),
      // A power cut must not bring back what is Kubernetes' and leave the marker away.
      { type: 'sync-files' },
      ...removal,
      ...forgetCommands(job),
      { type: 'forget-command', name: resetName(operationId, attemptOf(progress)) },
      recordAfter(job, { type: 'host.cleaned', attempts: observed.retry.attempts }),
    ],
  };
}
