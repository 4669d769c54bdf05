import { isDisruptive } from '../../../state/order.ts';
import type { Of } from '../rule.ts';
import { kubeadmVerb, parseCommand } from './command.ts';
import type { Known } from './known.ts';
import { disturbedHosts, freshOrder } from './orders.ts';
import { hasServed, nameOf } from './questions.ts';

const DISRUPTIVE: readonly (string | undefined)[] = ['reset', 'upgrade'];

/** A node that somebody begins to take out of service. */
export interface Disruption {
  readonly host: string;
  /** What is done to it, to stand after "was". */
  readonly what: string;
}

/** Nodes that are out of service on purpose: cordoned ones, and those that are reset, upgraded or under an order. */
export function disruptedHosts(known: Known): readonly string[] {
  const changing = [...known.commands].flatMap(([host, commands]) => {
    const isChanging = commands.some((each) => DISRUPTIVE.includes(kubeadmVerb(each)));
    return isChanging && isMissed(known, host) ? [host] : [];
  });
  const cordoned = [...known.cordoned].filter((host) => hasServed(known, host));
  return [...cordoned, ...changing, ...disturbedHosts(known)];
}

export function disruptionBy(entry: Of<'world'>, known: Known): Disruption | undefined {
  const { event, detail, host } = entry;
  if (event === 'node.cordoned') {
    return hasServed(known, detail) ? { host: detail, what: 'cordoned' } : undefined;
  }
  if (event !== 'operation.started') return undefined;
  const verb = kubeadmVerb(parseCommand(detail));
  if (!DISRUPTIVE.includes(verb) || !isMissed(known, host)) return undefined;
  return { host, what: `subjected to kubeadm ${verb}` };
}

/** A node that is given an order which takes it out of service. */
export function disruptionByOrder(
  entry: Of<'log.committed'>,
  known: Known,
): Disruption | undefined {
  const order = freshOrder(entry, known);
  if (order === undefined || !isDisruptive(order)) return undefined;
  return { host: nameOf(known, order.nodeId), what: `ordered to ${order.task}` };
}

/** Nobody misses a host that never served, or that left: its Node is gone before it is cleaned. */
function isMissed(known: Known, host: string): boolean {
  const nodes = [...known.nodes.values()].flat();
  const left = nodes.length > 0 && nodes.every(({ name }) => name !== host);
  return hasServed(known, host) && !left;
}
