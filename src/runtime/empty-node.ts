import type { Kube } from '../ports/kube.ts';
import type { KubePod } from '../ports/kube-objects.ts';
import { CORDON_MARK } from '../state/drain-marks.ts';

/** The mark first: a cordon that carries none is taken for one of people, and stays. */
export async function cordon(node: string, operationId: string, kube: Kube): Promise<void> {
  await kube.setLabels(node, { [CORDON_MARK]: operationId });
  await kube.setUnschedulable(node, true);
}

/** The mark last: while it is there, somebody knows that there is a cordon to take back. */
export async function uncordon(node: string, kube: Kube): Promise<void> {
  await kube.setUnschedulable(node, false);
  await kube.setLabels(node, { [CORDON_MARK]: null });
}

/** Looked at once more: for a pod that is gone the budget would pay all the same. A refusal is seen in the next pass. */
export async function evictOnce(
  node: string,
  pod: Pick<KubePod, 'namespace' | 'name' | 'uid'>,
  kube: Kube,
): Promise<void> {
  const there = await kube.podsOn(node);
  if (there.some(({ uid, terminating }) => uid === pod.uid && !terminating)) await kube.evict(pod);
}
