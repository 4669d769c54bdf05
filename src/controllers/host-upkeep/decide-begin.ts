import type { Action } from './action.ts';
import { type Argv, upgradeCommand } from './commands.ts';
import { type Course, OFTEN_MS, watch } from './course.ts';
import type { Recipe } from './recipe.ts';
import { startsPodsAnew } from './trouble.ts';
import { keepAfter, nameOf, type Work } from './work.ts';

/** Copies and the entry on disk come before the command: whoever reads `running` knows both are there. */
export function begin(work: Work, { goesAhead }: Recipe): Course {
  const { sight, parts, job, takesOver } = work;
  const before = { kubelet: parts.kubelet, mirrorPods: [...(sight.mirrorPods ?? [])] };
  const { configuration } = sight;
  const wanted = configuration && { configurationDigest: configuration.digest };
  const known = takesOver ? job : { ...job, before };
  const begun = { ...work, job: { ...known, ...wanted } };
  const save: readonly Action[] = [
    ...handOver(work),
    ...(takesOver ? [] : [{ type: 'save-files' } as const]),
    ...stripGates(work),
  ];
  if (goesAhead) {
    const actions = [...save, keepAfter(begun, { type: 'ahead.begun' })];
    return { ...watch('makes manifests of the release'), actions, lookAgainMs: OFTEN_MS };
  }
  return {
    ...watch('runs kubeadm'),
    actions: [...save, keepAfter(begun, { type: 'work.begun' }), startCommand(work)],
  };
}

function stripGates({ order: { task, first, kubernetesVersion } }: Work): readonly Action[] {
  const isFirst = task === 'upgrade-control-plane' && first;
  return isFirst ? [{ type: 'strip-gates', kubernetesVersion }] : [];
}

/** Before etcd ends here its leader is another one. */
function handOver({ order, sight, parts }: Work): readonly Action[] {
  const { etcdHeir } = sight;
  const before = parts.kubelet ?? order.kubernetesVersion;
  const ends = order.task !== 'upgrade-kubelet' || startsPodsAnew(before, order.kubernetesVersion);
  return etcdHeir !== undefined && ends ? [{ type: 'move-etcd-leader', toId: etcdHeir }] : [];
}

/** Of the attempt that is next. */
export function startCommand(work: Work): Action {
  return { type: 'start-command', name: nameOf(work), argv: argvOf(work) };
}

function argvOf({ order, sight }: Work): Argv {
  const { isControlPlane, ignorePreflightErrors } = sight;
  const kubeadm = `${sight.presence.folder}/kubeadm`;
  const etcdIsDone = sight.render?.manifests === 'same';
  return upgradeCommand({ order, kubeadm, isControlPlane, ignorePreflightErrors, etcdIsDone });
}
