import type { Eviction, KubeDisruptionBudget } from '../../ports/kube-objects.ts';
import { selects } from '../../state/label-selector.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import type { SimulatedPod } from './simulated-pod.ts';
import type { SimulatedBudget } from './workload.ts';

const VIOLATION = "Cannot evict pod as it would violate the pod's disruption budget.";
const TWO_BUDGETS =
  'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';
/** A disruption that was granted and did not happen is given back after that (DeletionTimeout). */
const GRANT_MS = 120_000;

/** A budget with its counts as of now: the disruption controller is taken as quick. */
export function countedBudget(
  cluster: SimulatedCluster,
  budget: SimulatedBudget,
  nowMs: number,
): KubeDisruptionBudget {
  const { namespace, name, selector, minAvailable } = budget;
  const covered = [...cluster.pods.values()].filter(
    (pod) => pod.namespace === namespace && selects(selector, pod.labels),
  );
  const granted = budget.grantedMs.filter((atMs) => nowMs - atMs < GRANT_MS).length;
  const healthy = covered.filter(({ ready, terminating }) => ready && !terminating).length;
  const currentHealthy = Math.max(0, healthy - granted);
  return {
    namespace,
    name,
    selector,
    disruptionsAllowed: Math.max(0, currentHealthy - minAvailable),
    currentHealthy,
    desiredHealthy: minAvailable,
    expectedPods: covered.length,
  };
}

/** What the budget of a pod has left for it; null where none counts it. */
export function disruptionsAllowed(
  cluster: SimulatedCluster,
  pod: SimulatedPod,
  nowMs: number,
): number | null {
  const [budget] = budgetsOf(cluster, pod);
  if (!budget || !pod.ready || canIgnoreBudgets(pod)) return null;
  return countedBudget(cluster, budget, nowMs).disruptionsAllowed;
}

/**
 * What the eviction subresource does with a pod of that name (its registry's eviction.go): the budget
 * is asked, and pays, before anybody looks whether the pod is the one that was meant.
 */
export function evictPod(
  cluster: SimulatedCluster,
  pod: SimulatedPod,
  { uid, nowMs }: { readonly uid: string; readonly nowMs: number },
): Eviction {
  const budgets = budgetsOf(cluster, pod);
  const text = refusal(cluster, pod, { budgets, nowMs });
  if (text !== undefined) return { outcome: 'refused', text };
  if (uid === pod.uid) {
    pod.terminating = true;
    return { outcome: 'evicted' };
  }
  if (!canIgnoreBudgets(pod)) for (const budget of budgets) budget.grantedMs.push(nowMs);
  return { outcome: 'gone' };
}

function budgetsOf({ budgets }: SimulatedCluster, pod: SimulatedPod): readonly SimulatedBudget[] {
  return [...budgets.values()].filter(
    ({ namespace, selector }) => namespace === pod.namespace && selects(selector, pod.labels),
  );
}

function canIgnoreBudgets({ phase, terminating }: SimulatedPod): boolean {
  return terminating || phase !== 'Running';
}

function refusal(
  cluster: SimulatedCluster,
  pod: SimulatedPod,
  asked: { readonly budgets: readonly SimulatedBudget[]; readonly nowMs: number },
): string | undefined {
  const [budget] = asked.budgets;
  if (!budget || canIgnoreBudgets(pod)) return undefined;
  if (asked.budgets.length > 1) return TWO_BUDGETS;
  const counted = countedBudget(cluster, budget, asked.nowMs);
  const { name, currentHealthy, desiredHealthy, disruptionsAllowed } = counted;
  const spare = pod.ready ? disruptionsAllowed > 0 : currentHealthy >= desiredHealthy;
  if (spare) return undefined;
  return `${VIOLATION} The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`;
}
