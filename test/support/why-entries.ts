import type { DecisionEvent } from '../../src/state/decision-event.ts';
import type { Entry, Kind, Value } from '../../src/state/kinds.ts';
import type { KnownLog } from '../../src/state/known-log.ts';
import type { Plan } from '../../src/state/plan.ts';
import { id, spec } from './controllers-entries.ts';

/** Replaces n2 by n4; made at revision 30. */
export function plan(planId: string, overrides: Partial<Plan> = {}): Plan {
  return {
    planId,
    term: 5,
    action: 'replace',
    nodeId: id(2),
    incarnation: 1,
    candidate: id(4),
    summary: 'n2 is dead, n4 takes its place',
    revision: 30,
    ...overrides,
  };
}

/** n1 decided in term 5 that n4 is promoted, at so many seconds after the epoch. */
export function decision(atSeconds: number, overrides: Partial<DecisionEvent> = {}): DecisionEvent {
  const wallMs = atSeconds * 1_000;
  const { action = 'promote', nodeId = id(4) } = overrides;
  return {
    eventId: `${String(wallMs).padStart(14, '0')}-${action}-${nodeId}`,
    wallMs,
    by: id(1),
    term: 5,
    controller: 'roles',
    action,
    nodeId,
    hostname: 'n4',
    operationId: null,
    summary: 'n4 takes the place of n2',
    revision: 30,
    guards: [],
    rejected: [],
    ...overrides,
  };
}

/** An entry under whatever key. */
export function keyed<K extends Kind>(
  kind: K,
  key: string,
  value: Value<K>,
  revision = 1,
): Entry<K> & { readonly kind: K } {
  return { kind, key, value, revision };
}

/** A log at revision 40 with the spec alone, unless told otherwise. */
export function knownLog(differs: Partial<KnownLog> = {}): KnownLog {
  return {
    revision: 40,
    synced: true,
    spec: [keyed('spec', 'current', spec(), 1)],
    nodes: [],
    livenesses: [],
    assignments: [],
    operations: [],
    statuses: [],
    departures: [],
    requests: [],
    plans: [],
    approvals: [],
    releases: [],
    rollouts: [],
    progresses: [],
    orders: [],
    upkeeps: [],
    drains: [],
    surveys: [],
    certificates: [],
    drifts: [],
    holds: [],
    editions: [],
    bundles: [],
    wordings: [],
    events: [],
    ...differs,
  };
}
