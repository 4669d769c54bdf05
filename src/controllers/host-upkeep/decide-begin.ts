import type { Action } from './action.ts';
import { type Argv, upgradeCommand } from './commands.ts';
import { type Course, OFTEN_MS, watch } from './course.ts';
import type { Recipe } from './recipe.ts';
import { startsPodsAnew } from './trouble.ts';
import { keepAfter, mayTouchStaticPods, nameOf, type Work } from './work.ts';

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
function handOver(work: Work): readonly Action[] {
  const { etcdHeir } = work.sight;
  return etcdHeir !== undefined && endsEtcd(work)
    ? [{ type: 'move-etcd-leader', toId: etcdHeir }]
    : [];
}

function endsEtcd({ order, job, parts }: Work): boolean {
  const before = parts.kubelet ?? order.kubernetesVersion;
  if (order.task === 'upgrade-kubelet') return startsPodsAnew(before, order.kubernetesVersion);
  return order.task === 'upgrade-control-plane' || mayTouchStaticPods(job);
}

/** Of the attempt that is next. */
export function startCommand(work: Work): Action {
  return { type: 'start-command', name: nameOf(work), argv: argvOf(work) };
}

function argvOf({ order, sight, job }: Work): Argv {
  const { isControlPlane, ignorePreflightErrors } = sight;
  const kubeadm = `${sight.presence.folder}/kubeadm`;
  const etcdIsDone = sight.render?.manifests === 'same';
  const isOfKubelet = order.task === 'reconfigure' && !mayTouchStaticPods(job);
  return upgradeCommand({
    order,
    kubeadm,
    isControlPlane,
    ignorePreflightErrors,
    etcdIsDone,
    isOfKubelet,
  });
}
