import type { EtcdHealth } from '../../ports/etcd.ts';
import type { Ports } from '../../ports/index.ts';
import { SINGLETON } from '../../state/kinds.ts';
import { isSettledCopy } from '../../state/settled-copy.ts';
import { type Sightings, seenForMs, withSightings } from '../../state/sightings.ts';
import { type Underway, underway } from './intents.ts';
import type { Asked, Intent, Observed, Place } from './observed.ts';
import { isMemberOf, isOrphan, movedMember } from './ownership.ts';
import { placesOf } from './places.ts';

/** Nothing but a look: what it finds has waited since an operation went wrong. */
const LOOK_EVERY_MS = 30_000;
/** While a join waits to be finished. */
const PRESSING_EVERY_MS = 1_000;
/** While a control plane waits that its new address is told to the others. */
const MOVED_EVERY_MS = 5_000;

/** What the controller keeps from pass to pass. To lose it costs time and nothing else. */
export interface Memory {
  /** Attempts that this process saw run. */
  running: readonly string[];
  /** Those of them that it saw end. */
  ended: Sightings;
  orphans: Sightings;
  last: { readonly atMs: number; readonly asked: Asked } | undefined;
}

export async function observe(ports: Ports, memory: Memory): Promise<Observed> {
  const { clock, self, store } = ports;
  const nowMs = clock.nowMs();
  const log = logOf(ports);
  const { controlPlanes, caretaker } = placesOf(log);
  const intents = withTimes(underway(log, self.nodeId), memory, nowMs);
  const joins = intents.filter(isPressing);
  const isCaretaker = caretaker === self.nodeId;
  const serves = store.synced && controlPlanes.some(({ nodeId }) => nodeId === self.nodeId);
  const sees = serves && isSettled(ports) && (isCaretaker || joins.length > 0);
  if (!sees) memory.last = undefined;
  const asked = sees ? await ask(ports, memory, { intents, controlPlanes }) : undefined;
  return {
    nowMs: clock.nowMs(),
    caretaker: isCaretaker,
    intents,
    controlPlanes,
    asked,
    nodes: await nodesOf(ports, joins, asked),
  };
}

function logOf({ store }: Ports) {
  return {
    leadership: store.get('leadership', SINGLETON),
    nodes: store.list('node'),
    livenesses: store.list('liveness'),
    statuses: store.list('status'),
    assignments: store.list('assignment'),
    operations: store.list('operation'),
    departures: store.list('departure'),
    requests: store.list('request'),
  };
}

function isSettled({ leases, self, store }: Ports): boolean {
  const enrolled = store.get('node', self.nodeId) !== undefined;
  return isSettledCopy(leases.sinceLogFailoverMs(), enrolled);
}

function isPressing({ task, sponsored, ended }: Intent): boolean {
  return task === 'join-control-plane' && sponsored && ended;
}

function withTimes(all: readonly Underway[], memory: Memory, nowMs: number): readonly Intent[] {
  const seenToEnd = all.filter(
    ({ intent, attempt }) => intent.ended && memory.running.includes(attempt),
  );
  const kept = seenToEnd.map(({ attempt }) => attempt);
  memory.running = [...all.filter(({ running }) => running).map(({ attempt }) => attempt), ...kept];
  memory.ended = withSightings(memory.ended, kept, nowMs);
  return all.map(({ intent, attempt }) => ({
    ...intent,
    endedForMs: kept.includes(attempt) ? seenForMs(memory.ended, attempt, nowMs) : undefined,
  }));
}

/** What etcd says now, when it is time to ask; else what it said last. */
async function ask(
  { clock, etcd }: Ports,
  memory: Memory,
  places: Pick<Observed, 'intents' | 'controlPlanes'>,
): Promise<Asked | undefined> {
  const { last } = memory;
  const isRecent = last && clock.nowMs() - last.atMs < lookEveryMs(places, last.asked);
  if (isRecent) return { ...last.asked, fresh: false };
  const health = await etcd.health();
  if (!health) return undefined;
  const asked = seen(health, memory, places.intents, clock.nowMs());
  memory.last = { atMs: clock.nowMs(), asked };
  return asked;
}

function lookEveryMs(
  { intents, controlPlanes }: Pick<Observed, 'intents' | 'controlPlanes'>,
  { members }: Asked,
): number {
  if (intents.some(isPressing)) return PRESSING_EVERY_MS;
  const hasMoved = controlPlanes.some((each) => movedMember(each, members) !== undefined);
  return hasMoved ? MOVED_EVERY_MS : LOOK_EVERY_MS;
}

function seen(
  { members, alarms }: EtcdHealth,
  memory: Memory,
  intents: readonly Intent[],
  nowMs: number,
): Asked {
  const orphans = members.filter((member) => isOrphan(member, intents)).map(({ id }) => id);
  memory.orphans = withSightings(memory.orphans, orphans, nowMs);
  return {
    fresh: true,
    alarms,
    members: members.map(({ status, ...member }) => ({
      ...member,
      healthy: status !== undefined && status.errors.length === 0,
      orphanForMs: seenForMs(memory.orphans, member.id, nowMs),
    })),
  };
}

/** Asked for only where a join lacks no more than its marks. */
async function nodesOf(
  { kube }: Ports,
  joins: readonly Place[],
  asked: Asked | undefined,
): Promise<Observed['nodes']> {
  const votes = (join: Place) =>
    asked?.members.some((member) => !member.learner && isMemberOf(member, join));
  if (!asked?.fresh || !joins.some(votes)) return new Map();
  return new Map((await kube.nodes()).map((node) => [node.name, node]));
}
