import { type LabelSelector, selects } from './label-selector.ts';

/** What a drain goes by of a pod on the node. */
export interface DrainPod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly owner: { readonly kind: string; readonly name: string } | null;
  readonly mirror: boolean;
  readonly emptyDir: boolean;
  readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown';
  readonly ready: boolean;
  readonly terminating: boolean;
}

/** What it goes by of a PodDisruptionBudget. */
export interface DrainBudget {
  readonly namespace: string;
  readonly name: string;
  readonly selector: LabelSelector;
  readonly disruptionsAllowed: number;
  readonly currentHealthy: number;
  readonly desiredHealthy: number;
  readonly expectedPods: number;
}

/** Which pods may go at the price of what is lost with them. */
export interface DrainPolicy {
  /** Those that keep data in an emptyDir. */
  readonly emptyDir: boolean;
  /** Those without an owner, which nobody makes anew. */
  readonly bare: boolean;
}

/** A pod that its budgets do not let go. */
export interface BlockedPod<Pod extends DrainPod> {
  readonly pod: Pod;
  readonly budgets: readonly DrainBudget[];
  /** No wait ends it: somebody has to change the budget or the pods. */
  readonly forGood: boolean;
}

/** The next step of a drain. The node is drained when all four are empty. */
export interface DrainStep<Pod extends DrainPod> {
  /** To be evicted now: as many as the budgets allow together. */
  readonly evict: readonly Pod[];
  readonly blocked: readonly BlockedPod<Pod>[];
  /** Those that the policy keeps. */
  readonly kept: readonly Pod[];
  /** On their way: their kubelet has yet to end them. */
  readonly leaving: readonly Pod[];
}

/**
 * What is to be done with the pods of a node for it to be empty, as `kubectl drain` sees it: pods of
 * DaemonSets, mirror pods and those that ended stay and are no concern.
 */
export function drainStep<Pod extends DrainPod>(
  pods: readonly Pod[],
  budgets: readonly DrainBudget[],
  policy: DrainPolicy,
): DrainStep<Pod> {
  const concerned = pods.filter((pod) => !stays(pod));
  const standing = concerned.filter(({ terminating }) => !terminating);
  const kept = standing.filter((pod) => isKept(pod, policy));
  const asked = standing.filter((pod) => !kept.includes(pod));
  const { evict, blocked } = dealt(asked, budgets);
  return { evict, blocked, kept, leaving: concerned.filter(({ terminating }) => terminating) };
}

export function isDrained({ evict, blocked, kept, leaving }: DrainStep<DrainPod>): boolean {
  return [evict, blocked, kept, leaving].every(({ length }) => length === 0);
}

function stays({ owner, mirror, phase }: DrainPod): boolean {
  return owner?.kind === 'DaemonSet' || mirror || phase === 'Succeeded' || phase === 'Failed';
}

function isKept({ owner, emptyDir }: DrainPod, policy: DrainPolicy): boolean {
  return (owner === null && !policy.bare) || (emptyDir && !policy.emptyDir);
}

/** Each eviction that a budget pays for leaves less of it to the next pod. */
function dealt<Pod extends DrainPod>(pods: readonly Pod[], budgets: readonly DrainBudget[]) {
  const left = new Map(budgets.map((budget) => [budget, budget.disruptionsAllowed]));
  const evict: Pod[] = [];
  const blocked: BlockedPod<Pod>[] = [];
  for (const pod of pods) {
    const own = budgetsOf(pod, budgets);
    if (own.length > 1 || own.some((budget) => !pays(budget, pod, left.get(budget) ?? 0))) {
      blocked.push({ pod, budgets: own, forGood: own.length > 1 || own.some(isForGood) });
      continue;
    }
    evict.push(pod);
    for (const budget of own) left.set(budget, (left.get(budget) ?? 0) - (pod.ready ? 1 : 0));
  }
  return { evict, blocked };
}

/**
 * Those that are asked when the pod is evicted: none for one that was never started. What a budget that
 * expects no pods at all makes of it, the API server knows better.
 */
function budgetsOf(pod: DrainPod, budgets: readonly DrainBudget[]): readonly DrainBudget[] {
  if (pod.phase === 'Pending') return [];
  const counted = budgets.filter(({ expectedPods }) => expectedPods > 0);
  return counted.filter(
    ({ namespace, selector }) => namespace === pod.namespace && selects(selector, pod.labels),
  );
}

/** One that is not ready costs a budget nothing while enough others are (IfHealthyBudget). */
function pays(budget: DrainBudget, { ready }: DrainPod, left: number): boolean {
  const { currentHealthy, desiredHealthy } = budget;
  return left > 0 || (!ready && currentHealthy >= desiredHealthy);
}

/** Not even with all pods healthy may one go. */
function isForGood({ desiredHealthy, expectedPods }: DrainBudget): boolean {
  return desiredHealthy >= expectedPods;
}
