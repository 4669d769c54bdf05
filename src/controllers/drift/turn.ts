import type { Ports } from '../../ports/index.ts';
import { disturbsControlPlane } from '../../state/drift.ts';
import type { Entry } from '../../state/kinds.ts';
import { logEntries } from '../../state/node-facts.ts';
import { isDisruptive, type Order } from '../../state/order.ts';
import { isLost, type Roster, rosterOf } from '../../state/roster.ts';

/** Words that came into the log before ours have reached this copy of it by then. */
const HEARD_AFTER_MS = 10_000;

interface Question {
  /** How long this process has seen this node's own word stand in the log as it does. */
  readonly toldForMs: number;
}

/**
 * Why a part of this host's control plane may not be ended for a moment; undefined when it may (S6).
 * Of several hosts with a manifest to put back that one goes first whose word came first into the log;
 * its word stands until its control plane is whole again.
 */
export function whyNotNow(ports: Ports, roster: Roster, question: Question): string | undefined {
  const { self, store } = ports;
  const others = roster.controlPlanes.filter(({ nodeId }) => nodeId !== self.nodeId);
  const sick = others.find(({ nodeId }) => !roster.sponsors.includes(nodeId));
  if (sick) return `the control plane on ${nameOf(roster, sick.nodeId)} is not whole`;
  const [moving] = [...roster.joins.filter(mayGoOn(roster)), ...roster.departing];
  if (moving) return `${nameOf(roster, moving.value.nodeId)} is changing its role`;
  const order = disruptiveOrder(ports);
  if (order) return `${nameOf(roster, order.nodeId)} is asked to ${order.task}`;
  return outOfTurn(store.list('drift').filter(inLine(roster)), ports, question);
}

/**
 * One that failed for good, and one whose node is lost, come to nothing by themselves. An assignment that
 * a deposed leader wrote too late counts: nobody obeys it, but it stands in the place of one that its node
 * may be in the middle of, until the next leader gives that back.
 */
function mayGoOn({ facts }: Roster): (join: Entry<'assignment'>) => boolean {
  return ({ value: { nodeId } }) => {
    const node = facts.get(nodeId);
    return !isLost(node) && node?.status?.phase !== 'failed';
  };
}

/** An order that disturbs some node, as the log has it right now. */
export function disruptiveOrder({ store }: Pick<Ports, 'store'>): Order | undefined {
  return store.list('order').find(({ value }) => isDisruptive(value))?.value;
}

function outOfTurn(
  line: readonly Entry<'drift'>[],
  { self }: Pick<Ports, 'self'>,
  { toldForMs }: Question,
): string | undefined {
  const [first] = line.toSorted((left, right) => left.revision - right.revision);
  if (first === undefined) return 'the log has yet to hold what is to be done';
  if (first.key !== self.nodeId) return 'another control plane puts one back, too';
  return toldForMs < HEARD_AFTER_MS ? 'others may have been first' : undefined;
}

function inLine(roster: Roster): (entry: Entry<'drift'>) => boolean {
  return ({ value }) =>
    roster.controlPlanes.some(({ nodeId }) => nodeId === value.nodeId) &&
    disturbsControlPlane(value);
}

function nameOf({ facts }: Roster, nodeId: string): string {
  return facts.get(nodeId)?.node.hostname ?? nodeId;
}

export function rosterNow({ store }: Pick<Ports, 'store'>): Roster {
  return rosterOf(logEntries(store), []);
}
