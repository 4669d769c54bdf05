import type { Ports } from '../../ports/index.ts';
import type { Store } from '../../ports/store.ts';
import { clockTrouble } from '../../state/clock-agreement.ts';
import { SINGLETON } from '../../state/kinds.ts';
import { logEntries } from '../../state/node-facts.ts';
import type { OrderReport } from '../../state/order-report.ts';
import { rosterOf } from '../../state/roster.ts';
import { type Sightings, withSightings } from '../../state/sightings.ts';
import {
  NO_VERDICTS,
  type VerdictMemory,
  verdictAges,
  withVerdicts,
} from '../../state/verdict-ages.ts';
import { countingAssignments } from './counting-assignments.ts';
import { doneToControlPlanes, type Looks, NO_LOOKS, withLook } from './looks.ts';
import type { Observed } from './observed.ts';

/** What a leader keeps from pass to pass; another process starts anew. */
export interface Memory {
  looks: Looks;
  /** Since when it has seen whom dead, and whom not. */
  verdicts: VerdictMemory;
  /** Since when it has known what each node tells of its certificates. */
  told: Sightings;
}

export function createMemory(): Memory {
  return { looks: NO_LOOKS, verdicts: NO_VERDICTS, told: new Map() };
}

/** Reads the local copy of the log, and what the clocks of others said; asks nobody. */
export function observe(ports: Ports, memory: Memory): Observed {
  const { clock, leadership, observers, store } = ports;
  const nowMs = clock.nowMs();
  const term = leadership.term();
  memory.verdicts = withVerdicts(memory.verdicts, store, nowMs);
  const entries = entriesOf(store);
  memory.looks = lookAround(entries, term, memory.looks, nowMs);
  memory.told = withSightings(memory.told, wordsIn(entries), nowMs);
  const trouble = clockTrouble(observers.clocks(), store);
  return {
    ...entries,
    ...(trouble && { clockTrouble: trouble }),
    term,
    revision: newestIn(entries),
    wallMs: Math.max(0, Math.round(clock.wallMs())),
    ...verdictAges(memory.verdicts, store, nowMs),
    certificatesToldForMs: nowMs - Math.max(...memory.told.values()),
    wholeLooks: memory.looks.count,
  };
}

/** Each as it stands: another word of the same node is another. */
function wordsIn({ certificates }: Entries): readonly string[] {
  return certificates.map(({ key, revision }) => `${key}/${revision}`);
}

function entriesOf(store: Store) {
  return {
    ...logEntries(store),
    leadership: store.get('leadership', SINGLETON),
    spec: store.get('spec', SINGLETON),
    release: store.get('release', SINGLETON),
    upkeeps: store.list('upkeep'),
    certificates: store.list('certificates'),
    rollouts: store.list('rollout'),
    progresses: store.list('progress'),
    holds: store.list('hold'),
    approvals: store.list('approval'),
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
    work && disturbsNothing(work) ? [work.operationId] : [],
  );
  const asked = orders.map(({ value }) => value);
  const during = doneToControlPlanes(term, asked, roster, ({ operationId }) =>
    done.includes(operationId),
  );
  return withLook(before, roster, during, nowMs);
}

/** A node that only watches itself any more is watched meanwhile: the two rows of looks end together. */
function disturbsNothing({ state, proving }: OrderReport): boolean {
  return state === 'done' || (state === 'under-way' && proving === true);
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
