import type { Ports } from '../../ports/index.ts';
import type { Store } from '../../ports/store.ts';
import { clockDisagreement } from '../../state/clock-agreement.ts';
import { SINGLETON } from '../../state/kinds.ts';
import type { Liveness } from '../../state/liveness.ts';
import { rosterOf } from '../../state/roster.ts';
import { type Sightings, seenForMs, withSightings } from '../../state/sightings.ts';
import { countingAssignments } from './counting-assignments.ts';
import { doneToControlPlanes, type Looks, NO_LOOKS, withLook } from './looks.ts';
import type { Observed } from './observed.ts';

/** What a leader keeps from pass to pass; another process starts anew. */
export interface Memory {
  looks: Looks;
  /** Since when it has seen whom dead, and whom not. */
  dead: Sightings;
  missed: Sightings;
}

export function createMemory(): Memory {
  return { looks: NO_LOOKS, dead: new Map(), missed: new Map() };
}

/** Reads the local copy of the log, and what the clocks of others said; asks nobody. */
export function observe(ports: Ports, memory: Memory): Observed {
  const { clock, leadership, store } = ports;
  const nowMs = clock.nowMs();
  const term = leadership.term();
  memory.dead = withSightings(memory.dead, judged(store, ['dead']), nowMs);
  memory.missed = withSightings(memory.missed, judged(store, ['dead', 'suspect']), nowMs);
  const entries = entriesOf(store);
  memory.looks = lookAround(entries, term, memory.looks, nowMs);
  const clockTrouble = clockTroubleOf(ports);
  return {
    ...entries,
    ...(clockTrouble && { clockTrouble }),
    term,
    revision: newestIn(entries),
    wallMs: Math.max(0, Math.round(clock.wallMs())),
    deadForMs: forMs(memory.dead, store, nowMs),
    missedForMs: forMs(memory.missed, store, nowMs),
    wholeLooks: memory.looks.count,
  };
}

function clockTroubleOf({ observers, store }: Ports): string | undefined {
  const isDead = (nodeId: string) => store.get('liveness', nodeId)?.value.verdict === 'dead';
  return clockDisagreement(observers.clocks().filter(({ nodeId }) => !isDead(nodeId)));
}

function entriesOf(store: Store) {
  return {
    leadership: store.get('leadership', SINGLETON),
    spec: store.get('spec', SINGLETON),
    release: store.get('release', SINGLETON),
    nodes: store.list('node'),
    livenesses: store.list('liveness'),
    statuses: store.list('status'),
    assignments: store.list('assignment'),
    departures: store.list('departure'),
    requests: store.list('request'),
    operations: store.list('operation'),
    upkeeps: store.list('upkeep'),
    certificates: store.list('certificates'),
    rollouts: store.list('rollout'),
    progresses: store.list('progress'),
    holds: store.list('hold'),
    approvals: store.list('approval'),
    orders: store.list('order'),
    drifts: store.list('drift'),
    drains: store.list('drain'),
    surveys: store.list('survey'),
  };
}

type Entries = ReturnType<typeof entriesOf>;

function lookAround(
  entries: Entries,
  term: number | undefined,
  before: Looks,
  nowMs: number,
): Looks {
  const { orders, upkeeps, certificates } = entries;
  if (!mayDisturb(entries)) return NO_LOOKS;
  const assignments = countingAssignments(entries);
  const roster = rosterOf({ ...entries, assignments }, []);
  const done = [...upkeeps, ...certificates].flatMap(({ value: { work } }) =>
    work?.state === 'done' ? [work.operationId] : [],
  );
  const asked = orders.map(({ value }) => value);
  const during = doneToControlPlanes(term, asked, roster, ({ operationId }) =>
    done.includes(operationId),
  );
  return withLook(before, roster, during, nowMs);
}

/** Something is under way, or asked for, that waits for looks. */
function mayDisturb({ rollouts, progresses, requests }: Entries): boolean {
  const ended = new Set(
    progresses.filter(({ value }) => value.endedWallMs !== null).map(({ key }) => key),
  );
  const isOpen = rollouts.some(({ key }) => !ended.has(key));
  return isOpen || requests.some(({ value }) => value.type === 'drain');
}

/** Revision of the newest of these entries. */
function newestIn({ leadership, spec, release, ...lists }: Entries): number {
  const single = [leadership, spec, release].map((entry) => entry?.revision ?? 0);
  const listed = Object.values(lists).flatMap((list) => list.map(({ revision }) => revision));
  return Math.max(0, ...single, ...listed);
}

/** Names of those with such a verdict; another incarnation is another one. */
function judged(
  store: Pick<Store, 'list'>,
  verdicts: readonly Liveness['verdict'][],
): readonly string[] {
  return store
    .list('liveness')
    .flatMap(({ value }) => (verdicts.includes(value.verdict) ? [nameOf(value)] : []));
}

/** For how long each node that is enrolled was seen so. */
function forMs(sightings: Sightings, store: Pick<Store, 'list'>, nowMs: number) {
  const seen = store.list('node').filter(({ value }) => sightings.has(nameOf(value)));
  return new Map(
    seen.map(({ value }) => [value.nodeId, seenForMs(sightings, nameOf(value), nowMs)]),
  );
}

function nameOf({ nodeId, incarnation }: Pick<Liveness, 'nodeId' | 'incarnation'>): string {
  return `${nodeId} ${incarnation}`;
}
