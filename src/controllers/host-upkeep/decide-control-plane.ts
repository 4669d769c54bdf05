import type { Course } from './course.ts';
import { wait } from './course.ts';
import { stopBeforePuttingBack, tidyAhead } from './decide-ahead.ts';
import { carryOut } from './decide-work.ts';
import { CONTROL_PLANE_LOOKS, type Recipe } from './recipe.ts';
import type { Work } from './work.ts';

const RECIPE: Recipe = {
  goesAhead: true,
  afterCommand: { type: 'commands.succeeded' },
  change: () => [],
  // Its kubelet is that of before: it need not be told where no manifest was changed.
  putBack: (work) => [
    ...stopBeforePuttingBack(work),
    { type: 'put-files-back', task: work.order.task },
    ...(work.sight.isChanged ? [{ type: 'restart-kubelet' } as const] : []),
  ],
  tidy: tidyAhead,
  goodLooks: CONTROL_PLANE_LOOKS,
};

/** API server, controller manager, scheduler and etcd of this host become those of the release. */
export function upgradeControlPlane(work: Work): Course {
  const { state } = work.job.progress;
  if (work.sight.isControlPlane || work.sight.isParked || state !== 'intended') {
    return carryOut(work, RECIPE);
  }
  const message = 'this host carries no control plane: waiting for the leader to see that';
  return wait('waits before the host is touched', { reason: 'role-change', message });
}
