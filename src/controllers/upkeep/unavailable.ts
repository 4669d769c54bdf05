import type { NodeId } from '../../state/node-id.ts';
import { isDisruptive } from '../../state/order.ts';
import type { World } from './world.ts';

/**
 * Nodes that serve less than they should: those that were, or are about to be, ordered something
 * disruptive, those whose Node is still cordoned for such an order, and those that live and are not Ready or not heard. Who is
 * dead is no business of an upgrade.
 */
export function unavailableNodes({ nodes, observed }: World): ReadonlySet<NodeId> {
  const ordered = observed.orders
    .filter(({ value }) => isDisruptive(value))
    .map(({ value }) => value.nodeId);
  const begun = observed.rollouts.flatMap(({ key, value: { steps } }) => {
    const progress = observed.progresses.find((each) => each.key === key)?.value;
    const underWay = progress?.steps.filter(({ outcome }) => outcome === null) ?? [];
    return underWay.flatMap(({ index }) => steps[index] ?? []).filter(isDisruptive);
  });
  const cordoned = observed.drains
    .filter(({ value }) => value.state !== 'released')
    .map(({ value }) => value.nodeId);
  const unready = nodes
    .filter(({ facts }) => facts.liveness?.verdict !== 'dead')
    .filter(({ facts, serves }) => !serves || !facts.status?.kubernetes.nodeReady)
    .map(({ nodeId }) => nodeId);
  const placed = new Set(nodes.map(({ nodeId }) => nodeId));
  return new Set(
    [...ordered, ...begun.map(({ nodeId }) => nodeId), ...cordoned, ...unready].filter((nodeId) =>
      placed.has(nodeId),
    ),
  );
}
