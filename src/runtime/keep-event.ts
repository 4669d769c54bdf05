import { CivitasError } from '../errors.ts';
import type { Ports } from '../ports/index.ts';
import type { DecisionEvent, Guard, Reasons, Rejection } from '../state/decision-event.ts';
import { refuseLostTerm } from '../state/fencing.ts';
import type { Node } from '../state/node.ts';
import { newestRevision } from './newest-revision.ts';

/** A healthy cluster decides nothing, so these reach back far. */
export const MOST_EVENTS = 500;
/** How many old ones go at once: more than come, so that any surplus shrinks. */
const REMOVED_AT_ONCE = 5;
const TIME_DIGITS = 14;

/** Longest texts and lists of the schema, which a decision need not know. */
const MOST_LETTERS = { name: 64, message: 500, summary: 1_000 };
const MOST_GUARDS = 32;
const MOST_REJECTED = 64;

/** Codes of writes that surely did not happen. */
const NOT_WRITTEN: ReadonlySet<string> = new Set(['store.conflict', 'leadership.lost']);

/** What was decided: the reasons as `decide` gave them, and whom they are about. */
export interface Decided {
  readonly controller: string;
  /** Of the leader that decided; null for what a node, or people at it, decided. */
  readonly term: number | null;
  /** Null for the cluster as a whole. */
  readonly about: Pick<Node, 'nodeId' | 'hostname'> | null;
  readonly operationId: string | null;
  readonly reasons: Reasons;
}

type EventPorts = Pick<Ports, 'clock' | 'leadership' | 'self' | 'store'>;

/**
 * Writes a decision (`write`) together with its reasons, as an entry of kind `event`, which the
 * controller has to declare. The event comes first, so that no decision is without its reasons; it is
 * taken back when the decision's own write surely did not happen (`store.conflict`, `leadership.lost`),
 * and stays when nobody can tell. A leader's term is held against the one it leads in before each of
 * both writes, so `write` need not (S10). Rejects as `write` does, or as the write of the event.
 *
 * Where this agent leads, the oldest events beyond 500 are removed afterwards, five at most.
 */
export async function keepEvent<T>(
  ports: EventPorts,
  decided: Decided,
  write: () => Promise<T>,
): Promise<T> {
  const { leadership, store } = ports;
  const mayDecide = () => {
    if (decided.term !== null) refuseLostTerm(decided.term, leadership.term());
  };
  const event = eventOf(ports, decided);
  mayDecide();
  const revision = await store.put('event', event.eventId, event, 0);
  try {
    mayDecide();
    const written = await write();
    await forgetOldest(ports);
    return written;
  } catch (error) {
    if (error instanceof CivitasError && NOT_WRITTEN.has(error.code)) {
      await store.remove('event', event.eventId, revision);
    }
    throw error;
  }
}

function eventOf({ clock, self, store }: EventPorts, decided: Decided): DecisionEvent {
  const { controller, term, about, operationId, reasons } = decided;
  const wallMs = Math.max(0, Math.round(clock.wallMs()));
  const time = String(wallMs).padStart(TIME_DIGITS, '0');
  return {
    eventId: `${time}-${reasons.action}-${about?.nodeId ?? 'cluster'}`,
    wallMs,
    by: self.nodeId,
    term,
    controller,
    action: reasons.action,
    nodeId: about?.nodeId ?? null,
    hostname: about?.hostname ?? null,
    operationId,
    summary: reasons.summary.slice(0, MOST_LETTERS.summary),
    revision: newestRevision(store),
    guards: reasons.guards.slice(0, MOST_GUARDS).map(shortGuard),
    rejected: reasons.rejected.slice(0, MOST_REJECTED).map(shortRejection),
  };
}

function shortGuard({ name, passed, message }: Guard): Guard {
  const { name: letters, message: most } = MOST_LETTERS;
  return { name: name.slice(0, letters), passed, message: message.slice(0, most) };
}

function shortRejection({ nodeId, hostname, reason }: Rejection): Rejection {
  return { nodeId, hostname, reason: reason.slice(0, MOST_LETTERS.message) };
}

async function forgetOldest({ leadership, store }: EventPorts): Promise<void> {
  if (leadership.term() === undefined) return;
  const events = store.list('event').toSorted((left, right) => left.revision - right.revision);
  const surplus = Math.min(Math.max(0, events.length - MOST_EVENTS), REMOVED_AT_ONCE);
  for (const { key, revision } of events.slice(0, surplus)) {
    await store.remove('event', key, revision);
  }
}
