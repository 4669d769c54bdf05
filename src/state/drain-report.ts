import {
  type BlockedPod,
  type DrainBudget,
  type DrainPod,
  type DrainStep,
  drainStep,
} from './drain.ts';
import type { KeptPods } from './kept-pods.ts';

const MOST_NAMES = 5;

/**
 * What keeps pods on the node for good, a sentence for each budget, with its pods, who owns them, and
 * the cure. Found before the first pod is touched, as budgets and pods tell it.
 */
export function deadlocks({ blocked }: DrainStep<DrainPod>): readonly string[] {
  return sentences(blocked.filter(({ forGood }) => forGood));
}

/** The same of all pods of a node, also of those that the spec keeps however long it takes. */
export function drainDeadlocks(
  pods: readonly DrainPod[],
  budgets: readonly DrainBudget[],
  { emptyDir, bare }: KeptPods,
): readonly string[] {
  const step = drainStep(pods, budgets, { emptyDir: !emptyDir, bare: !bare });
  const cure = 'delete them, or set spec.drain to evict them';
  const kept = step.kept.length === 0 ? [] : [`the spec keeps ${podNames(step.kept)}: ${cure}`];
  return [...deadlocks(step), ...kept];
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
