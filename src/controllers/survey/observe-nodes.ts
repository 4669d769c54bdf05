import type { Store } from '../../ports/store.ts';
import type { NodeView } from './observed.ts';

/** The nodes that serve in a role, as the log has them. */
export function observeNodes(planId: string, store: Store): readonly NodeView[] {
  const steps = store.get('rollout', planId)?.value.steps ?? [];
  const drained = new Set(steps.filter(({ drains }) => drains).map(({ nodeId }) => nodeId));
  return store.list('assignment').flatMap(({ key, value }) => {
    const node = store.get('node', key)?.value;
    if (node === undefined || value.role === 'spare') return [];
    const { nodeId, hostname, incarnation } = node;
    const liveness = store.get('liveness', key)?.value;
    const upkeep = ofIncarnation(store.get('upkeep', key)?.value, incarnation);
    const certificates = ofIncarnation(store.get('certificates', key)?.value, incarnation);
    return [
      {
        nodeId,
        hostname,
        alive: liveness?.verdict === 'alive' && liveness.incarnation === incarnation,
        apiServer: upkeep?.parts.apiServer ?? null,
        drains: drained.has(nodeId),
        prepared: upkeep?.prepared ?? [],
        leaves: certificates?.leaves,
      },
    ];
  });
}

function ofIncarnation<V extends { readonly incarnation: number }>(
  value: V | undefined,
  incarnation: number,
): V | undefined {
  return value?.incarnation === incarnation ? value : undefined;
}
