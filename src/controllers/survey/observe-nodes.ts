import type { Store } from '../../ports/store.ts';
import { isDisruptive } from '../../state/order.ts';
import type { Ask, NodeView } from './observed.ts';

/**
 * The nodes that serve in a role, as the log has them; once nodes were disturbed without those that are
 * dead, as the rollout passes over them.
 */
export function observeNodes(ask: Ask, store: Store): readonly NodeView[] {
  const { drained, touched, isBegun } = stepsLeft(ask, store);
  return store.list('assignment').flatMap(({ key, value }) => {
    const node = store.get('node', key)?.value;
    if (node === undefined || value.role === 'spare') return [];
    const { nodeId, hostname, incarnation } = node;
    const liveness = store.get('liveness', key)?.value;
    if (isBegun && liveness?.verdict === 'dead') return [];
    const upkeep = ofIncarnation(store.get('upkeep', key)?.value, incarnation);
    const certificates = ofIncarnation(store.get('certificates', key)?.value, incarnation);
    return [
      {
        nodeId,
        hostname,
        alive: liveness?.verdict === 'alive' && liveness.incarnation === incarnation,
        apiServer: upkeep?.parts.apiServer ?? null,
        drains: drained.has(nodeId),
        isToGet: touched.has(nodeId),
        prepared: upkeep?.prepared ?? [],
        leaves: certificates?.leaves,
      },
    ];
  });
}

/** Who is still to give its pods away, who to get the release, and whether anybody was disturbed yet. */
function stepsLeft({ planId, kubernetesVersion }: Ask, store: Store) {
  const steps = store.get('rollout', planId)?.value.steps ?? [];
  const tries = store.get('progress', planId)?.value.steps ?? [];
  const done = new Set(tries.filter(({ outcome }) => outcome === 'done').map(({ index }) => index));
  const disruptive = steps.filter(isDisruptive);
  const left = steps.filter((step, index) => isDisruptive(step) && !done.has(index));
  const idsOf = (some: typeof left) => new Set(some.map(({ nodeId }) => nodeId));
  return {
    drained: idsOf(left.filter(({ drains }) => drains)),
    touched: idsOf(left.filter((step) => step.kubernetesVersion === kubernetesVersion)),
    isBegun: left.length < disruptive.length,
  };
}

function ofIncarnation<V extends { readonly incarnation: number }>(
  value: V | undefined,
  incarnation: number,
): V | undefined {
  return value?.incarnation === incarnation ? value : undefined;
}
