import type { Guard } from '../../state/decision-event.ts';
import type { Entry } from '../../state/kinds.ts';
import type { Order } from '../../state/order.ts';
import { nextOrderId } from '../../state/order-id.ts';
import type { WaitReason } from '../../state/status.ts';
import type { OrderAction, WithdrawAction } from './action.ts';
import { chooseSponsor } from './choose-sponsor.ts';
import { closedBy, clusterGuards } from './cluster-guards.ts';
import type { Room } from './next-orders.ts';
import { givenAgain } from './order-actions.ts';
import { maxUnavailable, nodeIsFree } from './step-guards.ts';
import type { UpkeptNode } from './upkept-nodes.ts';
import type { World } from './world.ts';

/** What follows from what people asked to be drained. */
export interface PeoplesDrains {
  readonly actions: readonly (OrderAction | WithdrawAction)[];
  /** For a node that they wait for. */
  readonly wait: WaitReason | undefined;
}

/** One at a time, as each leaves less room for the next. */
export function peoplesDrains(
  known: readonly string[],
  { busy }: Pick<Room, 'busy'>,
  world: World,
): PeoplesDrains {
  const { orders } = world.observed;
  const asked = world.nodes.filter((node) => isAsked(node, world));
  const standing = orders.filter(({ value }) => value.task === 'drain');
  const [next] = asked.filter(
    (node) => node.serves && !standing.some(({ key }) => key === node.nodeId),
  );
  const given = next && giveDrain(next, known, busy, world);
  return {
    actions: [
      ...standing.flatMap((entry) => kept(entry, asked, world)),
      ...(given && 'order' in given ? [given] : []),
    ],
    wait: given && 'reason' in given ? given : undefined,
  };
}

/** A drain stands as long as people ask for it. */
function kept(
  entry: Entry<'order'>,
  asked: readonly UpkeptNode[],
  world: World,
): readonly (OrderAction | WithdrawAction)[] {
  const { key, revision } = entry;
  if (asked.some(({ nodeId }) => nodeId === key)) return givenAgain(entry, world);
  return [{ type: 'withdraw', term: world.term, nodeId: key, ifRevision: revision }];
}

function isAsked({ nodeId, facts }: UpkeptNode, { observed }: World): boolean {
  const request = observed.requests.find(({ key }) => key === nodeId)?.value;
  return request?.type === 'drain' && request.incarnation === facts.node.incarnation;
}

function giveDrain(
  node: UpkeptNode,
  known: readonly string[],
  busy: Room['busy'],
  world: World,
): OrderAction | WaitReason {
  const { nodeId, hostname, facts } = node;
  const guards = [
    ...clusterGuards(world),
    nodeIsFree(nodeId, world),
    maxUnavailable(nodeId, busy, world),
    otherControlPlane(node, world),
  ];
  const closed = closedBy(guards);
  const sponsor = chooseSponsor(nodeId, world);
  if (closed)
    return { reason: closed.name, message: `${hostname} is to be drained: ${closed.message}` };
  if (sponsor === undefined) {
    const message = `${hostname} is to be drained, and no control plane is whole to do that`;
    return { reason: 'control-planes-whole', message };
  }
  const order: Order = {
    nodeId,
    incarnation: facts.node.incarnation,
    term: world.term,
    operationId: nextOrderId('drain', nodeId, known),
    task: 'drain',
    planId: null,
    kubernetesVersion: facts.assignment?.value.kubernetesVersion ?? world.spec.kubernetesVersion,
    first: false,
    drains: false,
    sponsor,
  };
  const summary = `${hostname} is to be drained, as people asked`;
  const reasons = { action: 'drain', summary, guards, rejected: [] };
  return { type: 'order', order, ifRevision: 0, reasons };
}

/** Nobody would be left to see to it. */
function otherControlPlane({ nodeId, role }: UpkeptNode, { roster }: World): Guard {
  const passed = role === 'worker' || roster.sponsors.some((each) => each !== nodeId);
  const message = passed
    ? 'another control plane serves'
    : 'it is the last control plane that serves: add one first';
  return { name: 'last-control-plane', passed, message };
}
