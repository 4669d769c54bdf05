import type { Guard, Reasons } from '../../state/decision-event.ts';
import type { Entry } from '../../state/kinds.ts';
import { isLateOrder } from '../../state/late-order.ts';
import type { NodeId } from '../../state/node-id.ts';
import { isDisruptive, type Order } from '../../state/order.ts';
import type { RolloutStep } from '../../state/rollout.ts';
import type { OrderAction, WithdrawAction } from './action.ts';
import type { Advance } from './advanced.ts';
import { chooseSponsor, isOrphaned } from './choose-sponsor.ts';
import { closedBy } from './cluster-guards.ts';
import { guardsOf } from './next-orders.ts';
import { recalled } from './recall.ts';
import { stepStates } from './step-states.ts';
import { unavailableNodes } from './unavailable.ts';
import { nodeOf, type World } from './world.ts';

/** A step that is under way, and so should stand as an order. */
interface Wanted {
  readonly planId: string;
  readonly operationId: string;
  readonly step: RolloutStep;
  readonly guards: readonly Guard[];
  /** Asked once more, as a leader may have died between the progress and the order. */
  readonly mayBegin: boolean;
}

/**
 * Makes the orders of rollouts what their progress says: that one is written first, so whoever leads
 * after a crash between the two gives the same order under the same name.
 */
export function orderActions(
  advances: readonly Advance[],
  world: World,
): readonly (OrderAction | WithdrawAction)[] {
  const busy = new Set([...unavailableNodes(world), ...advances.flatMap(disturbedBy)]);
  const wanted = advances.flatMap((each) => wantedOf(each, busy, world));
  const standing = world.observed.orders.filter(({ value }) => value.planId !== null);
  const isWanted = (id: string) => wanted.some(({ operationId }) => operationId === id);
  const held = new Set(advances.flatMap(({ rollout, isHeld }) => (isHeld ? rollout.planId : [])));
  return [
    ...standing
      .filter(({ value }) => !isWanted(value.operationId))
      .map(({ key, revision }): WithdrawAction => {
        return { type: 'withdraw', term: world.term, nodeId: key, ifRevision: revision };
      }),
    ...standing
      .filter(({ value }) => isWanted(value.operationId))
      .flatMap((entry) => {
        const again = givenAgain(entry, world);
        const isHeld = held.has(entry.value.planId ?? '');
        return again.length === 0 && isHeld ? recalled(entry, world) : again;
      }),
    ...wanted.flatMap((each) => given(each, world)),
  ];
}

/**
 * The same order once more: under another sponsor, once nobody sees to its drain any more, or in this
 * term, as a deposed leader wrote it too late and nobody obeys it.
 */
export function givenAgain(entry: Entry<'order'>, world: World): readonly OrderAction[] {
  const { value: order, revision: ifRevision } = entry;
  const { leadership, orders } = world.observed;
  const isOrphan = isOrphaned(order, world);
  if (!isOrphan && !isLateOrder(entry, leadership, orders)) return [];
  const sponsor = isOrphan ? chooseSponsor(order.nodeId, world) : order.sponsor;
  if (sponsor === undefined || (isOrphan && sponsor === order.sponsor)) return [];
  return [{ type: 'order', order: { ...order, term: world.term, sponsor }, ifRevision }];
}

function wantedOf(
  { rollout, next }: Advance,
  busy: ReadonlySet<NodeId>,
  world: World,
): readonly Wanted[] {
  const { planId } = rollout;
  const states = stepStates(rollout, next.steps, world);
  return states.flatMap((each) => {
    const { state, step, last } = each;
    if (state !== 'under-way' || !last) return [];
    const guards = guardsOf(each, rollout, states, busy, world);
    const mayBegin = next.state === 'running' && closedBy(guards) === undefined;
    return [{ planId, operationId: last.operationId, step, guards, mayBegin }];
  });
}

function disturbedBy({ rollout, next }: Advance): readonly NodeId[] {
  return next.steps.flatMap(({ index, outcome }) => {
    const step = rollout.steps[index];
    return step && outcome === null && isDisruptive(step) ? [step.nodeId] : [];
  });
}

/** Nothing where it stands already. */
function given(wanted: Wanted, world: World): readonly OrderAction[] {
  const { step, operationId, planId, mayBegin } = wanted;
  const { nodeId, task, kubernetesVersion, first } = step;
  const drains = step.drains && !isOnlyControlPlane(nodeId, world);
  const node = nodeOf(world, nodeId);
  const sponsor = drains ? chooseSponsor(nodeId, world) : null;
  if (!node || !mayBegin || sponsor === undefined) return [];
  const order: Order = {
    nodeId,
    incarnation: node.facts.node.incarnation,
    term: world.term,
    operationId,
    task,
    planId,
    kubernetesVersion,
    first,
    drains,
    sponsor,
  };
  return [{ type: 'order', order, ifRevision: 0, reasons: reasonsOf(wanted) }];
}

/** By now, as others may have become workers since the plan: its pods have nowhere to go any more. */
function isOnlyControlPlane(nodeId: NodeId, { nodes }: World): boolean {
  return nodes.every((each) => (each.role === 'control-plane') === (each.nodeId === nodeId));
}

function reasonsOf({ step, planId, guards }: Wanted): Reasons {
  const { task, hostname, kubernetesVersion } = step;
  const summary = `${hostname} is ordered to ${task.replaceAll('-', ' ')} (${kubernetesVersion}), as ${planId} has it`;
  return { action: task, summary, guards: [...guards], rejected: [] };
}
