import type { NodeId } from '../../state/node-id.ts';
import type { Order } from '../../state/order.ts';
import { isLost } from '../../state/roster.ts';
import { dealSponsors } from '../../state/sponsors.ts';
import type { World } from './world.ts';

/** Whose agent is silent for so long sponsors nobody, whatever its host does. */
const MUTE_AFTER_MS = 30_000;

/**
 * The whole control plane that drains a node: the least busy one, and the node itself only where there
 * is no other. Undefined when none can.
 */
export function chooseSponsor(nodeId: NodeId, world: World): NodeId | undefined {
  const able = world.roster.sponsors.filter((each) => !isMute(each, world));
  const others = able.filter((each) => each !== nodeId);
  const busy = world.observed.orders.map(({ value }) => value.sponsor);
  const [dealt] = dealSponsors([nodeId], others.length > 0 ? others : able, busy);
  return dealt?.sponsor;
}

/** Whether nobody sees to the drain of an order any more. */
export function isOrphaned({ sponsor }: Order, world: World): boolean {
  if (sponsor === null) return false;
  const { facts } = world.roster;
  const node = facts.get(sponsor);
  const isControlPlane = node?.assignment?.value.role === 'control-plane';
  return !isControlPlane || isLost(node) || isMute(sponsor, world);
}

function isMute(nodeId: NodeId, { observed }: World): boolean {
  return (observed.missedForMs.get(nodeId) ?? 0) >= MUTE_AFTER_MS;
}
