import type { PeerEndpoint } from '../ports/peers.ts';
import { type Knowledge, type KnownPeer, metAt } from './knowledge.ts';
import type { Target, Targets } from './targets.ts';

const FORMING = { everyMs: 500, peers: 3 } as const;
/** Also while a formed node knows some that lack its record: its hello is how they learn it. */
const FORMED = { everyMs: 10_000, peers: 1 } as const;
/** News is passed on after this long, so that what comes in a burst goes out in one round. */
const NEWS_MS = 50;
/** Questions under way at one time: a dead address costs 5 s each. */
const MAX_ASKING = 16;

export interface PushPullInput {
  readonly knowledge: Knowledge;
  readonly targets: Targets;
  /** Of this node's record; 0 without one. */
  readonly epoch: number;
  /** When the next round is due. */
  readonly roundDueMs: number;
  readonly nowMs: number;
  /** In [0, 1), fresh with every call. */
  random(): number;
}

export interface PushPull {
  readonly ask: readonly PeerEndpoint[];
  readonly roundDueMs: number;
}

/**
 * Whom to say hello to now: every address where somebody not yet met may be, as soon as it is
 * known; and in rounds some of those already met, at random, so that news spreads like a rumour.
 */
export function decidePushPull(input: PushPullInput): PushPull {
  const { knowledge, targets, nowMs, epoch } = input;
  const asking = [...targets.values()].filter((target) => target.isBeingAsked);
  const room = Math.max(0, MAX_ASKING - asking.length);
  const strangers = [...targets.values()]
    .filter((target) => isDueStranger(target, knowledge, nowMs))
    .map((target) => target.endpoint);
  if (nowMs < input.roundDueMs) {
    return { ask: strangers.slice(0, room), roundDueMs: input.roundDueMs };
  }
  const { everyMs, peers } = epoch > 0 && !hasLaggards(knowledge, epoch) ? FORMED : FORMING;
  const ask = [...sample(partners(input), peers, input.random), ...strangers];
  return { ask: ask.slice(0, room), roundDueMs: nowMs + everyMs * (0.9 + input.random() / 5) };
}

/** How long until somebody is to be asked; never negative. */
export function untilDueMs(input: Omit<PushPullInput, 'random' | 'epoch'>): number {
  const { knowledge, targets, roundDueMs, nowMs } = input;
  const strangers = [...targets.values()].filter((target) =>
    isDueStranger(target, knowledge, Number.POSITIVE_INFINITY),
  );
  const dueMs = Math.min(roundDueMs, ...strangers.map((target) => target.dueMs));
  return Math.max(0, dueMs - nowMs);
}

/** The round after something new was learned, by this node or by whom it told. */
export function roundAfterNews(roundDueMs: number, nowMs: number): number {
  return Math.min(roundDueMs, nowMs + NEWS_MS);
}

/** A random choice of at most `count`, in random order. */
export function sample<T>(from: readonly T[], count: number, random: () => number): readonly T[] {
  const rest = [...from];
  const chosen: T[] = [];
  while (chosen.length < count && rest.length > 0) {
    chosen.push(...rest.splice(Math.floor(random() * rest.length), 1));
  }
  return chosen;
}

function isDueStranger(target: Target, knowledge: Knowledge, nowMs: number): boolean {
  const { endpoint, nodeId, isSelf, isBeingAsked, dueMs } = target;
  if (isSelf || isBeingAsked || dueMs > nowMs) return false;
  if (nodeId !== null) return !knowledge.peers.has(nodeId);
  return metAt(knowledge, endpoint) === undefined;
}

/** Those met, without who is being asked; a formed node sees to those that lack its record first. */
function partners({ knowledge, targets, epoch }: PushPullInput): readonly PeerEndpoint[] {
  const busy = new Set(
    [...targets.values()].filter((target) => target.isBeingAsked).map((target) => target.nodeId),
  );
  const onlyLaggards = hasLaggards(knowledge, epoch);
  return [...knowledge.peers]
    .filter(([nodeId, peer]) => !busy.has(nodeId) && !(onlyLaggards && !isBehind(peer, epoch)))
    .map(([, peer]) => peer.endpoint);
}

function hasLaggards({ peers }: Knowledge, epoch: number): boolean {
  return [...peers.values()].some((peer) => peer.answers && isBehind(peer, epoch));
}

function isBehind({ hello }: KnownPeer, epoch: number): boolean {
  return (hello.formed?.epoch ?? 0) < epoch;
}
