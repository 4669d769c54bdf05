import type { PeerEndpoint } from '../ports/peers.ts';
import type { Hello, Refusal } from '../state/hello.ts';
import {
  type Knowledge,
  type KnownPeer,
  type Lives,
  withEntry,
  withoutEntry,
} from './knowledge.ts';
import { refusalOf, type SelfFacts } from './refusal.ts';

/** Refused nodes are remembered for people; a flood of them must not fill the memory. */
const MAX_REFUSED = 256;
/** As many as a token may expect. */
const MAX_HEARD = 1_000;

export interface Hearing {
  readonly hello: Hello;
  /** Where this node reached the other, or where it was reached from. */
  readonly endpoint: PeerEndpoint;
  readonly nowMs: number;
  readonly wallMs: number;
}

export interface Heard {
  readonly knowledge: Knowledge;
  readonly refusal: Refusal | null;
  /** Something came to light that others may not know yet. */
  readonly isNews: boolean;
}

/** What a hello, spoken directly to this node, adds to what it knows. Pure. */
export function hear(knowledge: Knowledge, self: SelfFacts, hearing: Hearing): Heard {
  const { hello } = hearing;
  const refusal = refusalOf({ self, knowledge, ...hearing });
  if (refusal) return { knowledge: refuse(knowledge, hearing, refusal), refusal, isNews: false };
  const known = knowledge.peers.get(hello.nodeId);
  if (known && isLateWord(known, hello)) return { knowledge, refusal: null, isNews: false };
  const isNews = known?.hello.instance !== hello.instance || isFormedSince(known, hello);
  const peers = withEntry(knowledge.peers, hello.nodeId, met(known, hearing));
  const refused = withoutEntry(knowledge.refused, hello.nodeId);
  const heard = withoutEntry(knowledge.heard, hello.nodeId);
  return hearOfOthers({ ...knowledge, peers, refused, heard }, self, hearing, isNews);
}

function isFormedSince(known: KnownPeer | undefined, { formed }: Hello): boolean {
  return formed !== null && known?.hello.formed?.epoch !== formed.epoch;
}

function met(known: KnownPeer | undefined, { hello, endpoint, nowMs }: Hearing): KnownPeer {
  const lives = livesAfter(known, hello);
  return { hello: { ...hello, record: null }, endpoint, seenMs: nowMs, answers: true, lives };
}

/** What a process said just before it ended may arrive after the first word of the next one. */
function isLateWord({ lives }: KnownPeer, { instance, wallMs }: Hello): boolean {
  return instance === lives.before && wallMs <= lives.sinceWallMs;
}

/**
 * A new life of a known node is a restart, until the old one speaks again: then both are alive, and
 * the later one is the clone.
 */
function livesAfter(known: KnownPeer | undefined, { instance, wallMs }: Hello): Lives {
  if (!known) return { sinceWallMs: wallMs, before: null, clone: null };
  const { lives } = known;
  const counted = known.hello.instance;
  if (instance === counted) return lives;
  if (instance !== lives.before) return { sinceWallMs: wallMs, before: counted, clone: null };
  return { sinceWallMs: wallMs, before: null, clone: counted };
}

function hearOfOthers(
  knowledge: Knowledge,
  self: SelfFacts,
  { hello, nowMs }: Hearing,
  isNews: boolean,
): Heard {
  const strangers = hello.peers.filter(
    ({ nodeId }) =>
      nodeId !== self.nodeId &&
      !knowledge.peers.has(nodeId) &&
      !knowledge.refused.has(nodeId) &&
      !knowledge.heard.has(nodeId),
  );
  if (strangers.length === 0) return { knowledge, refusal: null, isNews };
  const heard = new Map(knowledge.heard);
  const room = MAX_HEARD - heard.size;
  for (const { nodeId, address, port } of strangers.slice(0, room)) {
    heard.set(nodeId, { endpoint: { address, port }, sinceMs: nowMs });
  }
  return { knowledge: { ...knowledge, heard }, refusal: null, isNews: true };
}

/** A refused node is not counted any more; but a clone leaves the one that it was copied from alone. */
function refuse(
  knowledge: Knowledge,
  { hello, endpoint, nowMs }: Hearing,
  refusal: Refusal,
): Knowledge {
  const { nodeId, hostname, instance } = hello;
  const entry = { ...refusal, nodeId, hostname, address: endpoint.address, seenMs: nowMs };
  const isFull = knowledge.refused.size >= MAX_REFUSED && !knowledge.refused.has(nodeId);
  const isCounted = knowledge.peers.get(nodeId)?.hello.instance === instance;
  return {
    ...knowledge,
    peers: isCounted ? withoutEntry(knowledge.peers, nodeId) : knowledge.peers,
    heard: withoutEntry(knowledge.heard, nodeId),
    refused: isFull ? knowledge.refused : withEntry(knowledge.refused, nodeId, entry),
  };
}
