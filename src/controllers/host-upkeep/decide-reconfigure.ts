import { type Course, SOON_MS, wait } from './course.ts';
import { stopBeforePuttingBack, tidyAhead } from './decide-ahead.ts';
import { closedGate } from './decide-gates.ts';
import { carryOut } from './decide-work.ts';
import { CONTROL_PLANE_LOOKS, KUBELET_LOOKS, type Recipe } from './recipe.ts';
import { mayTouchStaticPods, type Work } from './work.ts';

const WAITS = 'waits before the host is touched';

const RECIPE: Omit<Recipe, 'goodLooks' | 'goesAhead' | 'tidy'> = {
  afterCommand: { type: 'kubelet.configured' },
  // What kubeadm wrote must outlive a power cut before a kubelet depends on it.
  change: () => [
    { type: 'sync-files' },
    { type: 'restart-kubelet' },
    { type: 'restart-kube-proxy' },
  ],
  putBack: (work) => [
    ...stopBeforePuttingBack(work),
    { type: 'put-files-back', task: work.order.task },
    { type: 'sync-files' },
    { type: 'restart-kubelet' },
  ],
};

/**
 * The parts of this host take up what the spec says by now of their configuration. They read it in
 * the ConfigMaps of kubeadm, so a control plane sees to it first that those say the same. Its static
 * pods are swapped as in an upgrade, and left alone where nothing that concerns them was changed.
 */
export function reconfigure(work: Work): Course {
  const { isControlPlane } = work.sight;
  const goodLooks = isControlPlane ? CONTROL_PLANE_LOOKS : KUBELET_LOOKS;
  const isUntouched = work.job.progress.state === 'intended';
  const course = isUntouched ? (closedGate(work) ?? bringConfigMaps(work)) : undefined;
  if (course) return course;
  const goesAhead = isControlPlane && mayTouchStaticPods(work.job);
  return carryOut(work, { ...RECIPE, goodLooks, goesAhead, ...(goesAhead && { tidy: tidyAhead }) });
}

function bringConfigMaps({ order, sight }: Work): Course | undefined {
  switch (sight.configuration?.configMaps) {
    case 'different':
      return {
        step: 'writes the ConfigMaps of kubeadm',
        actions: [{ type: 'write-config-maps', kubernetesVersion: order.kubernetesVersion }],
        lookAgainMs: SOON_MS,
      };
    case 'unknown': {
      const message = 'waiting for an API server to tell what the ConfigMaps of kubeadm say';
      return wait(WAITS, { reason: 'api-server', message }, SOON_MS);
    }
    case 'broken': {
      const message =
        'a ConfigMap of kubeadm is gone or can not be read: run `kubeadm init phase upload-config all` on a control plane';
      return wait(WAITS, { reason: 'config-maps', message });
    }
    default:
      return undefined;
  }
}
