import type { BlockedPod, DrainPod, DrainStep } from './drain.ts';

const MOST_NAMES = 5;

/**
 * What keeps pods on the node for good, a sentence for each budget, with its pods, who owns them, and
 * the cure. Found before the first pod is touched, as budgets and pods tell it.
 */
export function deadlocks({ blocked }: DrainStep<DrainPod>): readonly string[] {
  return sentences(blocked.filter(({ forGood }) => forGood));
}

/** What is still on the node and why: most important first, and none when it is drained. */
export function drainObstacles(step: DrainStep<DrainPod>): readonly string[] {
  return [
    ...deadlocks(step),
    ...sentences(step.blocked.filter(({ forGood }) => !forGood)),
    ...listed('kept, as data goes with them, or nobody makes them anew', step.kept),
    ...listed('evicted and not gone yet', step.leaving),
    ...listed('about to be evicted', step.evict),
  ];
}

function sentences(blocked: readonly BlockedPod<DrainPod>[]): readonly string[] {
  const groups = new Map<string, BlockedPod<DrainPod>[]>();
  for (const each of blocked) {
    const names = each.budgets.map(({ namespace, name }) => `${namespace}/${name}`).join(' and ');
    groups.set(names, [...(groups.get(names) ?? []), each]);
  }
  return [...groups].map(([names, group]) => sentence(names, group));
}

function sentence(names: string, group: readonly BlockedPod<DrainPod>[]): string {
  const pods = podNames(group.map(({ pod }) => pod));
  const [budget, second] = group[0]?.budgets ?? [];
  if (second) {
    return `no API server evicts ${pods}, which the PodDisruptionBudgets ${names} select both: let one of them not select it`;
  }
  const wanted = `PodDisruptionBudget ${names} wants ${budget?.desiredHealthy} of ${budget?.expectedPods} pods healthy`;
  if (group.some(({ forGood }) => forGood)) {
    return `${wanted} and never lets go of ${pods}: add a replica, or change the budget`;
  }
  return `${wanted}, has ${budget?.currentHealthy}, and does not let go of ${pods} now`;
}

function listed(what: string, pods: readonly DrainPod[]): readonly string[] {
  return pods.length === 0 ? [] : [`${what}: ${podNames(pods)}`];
}

/** `default/web-1 (ReplicaSet web)` and so on. */
function podNames(pods: readonly DrainPod[]): string {
  const names = pods.map(({ namespace, name, owner }) => {
    return `${namespace}/${name} (${owner ? `${owner.kind} ${owner.name}` : 'bare'})`;
  });
  const shown = names.slice(0, MOST_NAMES).join(', ');
  return names.length > MOST_NAMES ? `${shown} and ${names.length - MOST_NAMES} more` : shown;
}
