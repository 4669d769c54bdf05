import type { Kube } from '../../ports/kube.ts';
import type { Eviction, KubePod } from '../../ports/kube-objects.ts';
import { countedBudget, disruptionsAllowed, evictPod } from '../workloads/disruption.ts';
import { isMirror, toKubePod } from '../workloads/pod.ts';
import type { WorldState } from '../world-state.ts';
import type { KubeAccess } from './kube-access.ts';

type KubeWorkloads = Pick<Kube, 'podsOn' | 'disruptionBudgets' | 'evict'>;

/** Pods, and what may be done to them. */
export function simulatedWorkloads(
  world: WorldState,
  { read, readOn, writeOn }: KubeAccess,
): KubeWorkloads {
  const { clock } = world;
  return {
    async podsOn(node) {
      const pods = [...readOn(node, 'list pods').pods.values()];
      return pods.filter((pod) => pod.node === node).map(toKubePod);
    },

    async disruptionBudgets() {
      const cluster = read('list disruption budgets');
      return [...cluster.budgets.values()].map((budget) =>
        countedBudget(cluster, budget, clock.nowMs()),
      );
    },

    async evict({ namespace, name, uid }) {
      let eviction: Eviction = { outcome: 'gone' };
      const node = nodeOf(world, { namespace, name });
      writeOn(node, 'evict pods', (cluster) => {
        const pod = [...cluster.pods.values()].find(
          (each) => each.namespace === namespace && each.name === name,
        );
        if (!pod) return undefined;
        const allowed = disruptionsAllowed(cluster, pod, clock.nowMs());
        // Its kubelet shows it again at once.
        eviction = isMirror(pod)
          ? { outcome: 'evicted' }
          : evictPod(cluster, pod, { uid, nowMs: clock.nowMs() });
        if (eviction.outcome !== 'evicted') return undefined;
        return {
          what: 'pod',
          happened: 'evicted',
          detail: `${pod.namespace}/${pod.name} ${pod.node} ${allowed}`,
        };
      });
      return eviction;
    },
  };
}

/** Where a pod runs; null when there is none of that name, or it runs nowhere yet. */
function nodeOf(
  { clusters }: WorldState,
  { namespace, name }: Pick<KubePod, 'namespace' | 'name'>,
) {
  const pods = [...clusters.values()].flatMap((cluster) => [...cluster.pods.values()]);
  return pods.find((pod) => pod.namespace === namespace && pod.name === name)?.node ?? null;
}
