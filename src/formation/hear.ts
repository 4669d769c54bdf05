import type { PeerEndpoint } from '../ports/peers.ts';
import type { Hello, Refusal } from '../state/hello.ts';
import { type Knowledge, type KnownPeer, withEntry, withoutEntry } from './knowledge.ts';
import { isLateWord, livesAfter, livesBeside } from './lives.ts';
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
  const refused = withoutRefusalsOf(knowledge.refused, hello);
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

function hearOfOthers(
  knowledge: Knowledge,
  self: SelfFacts,
  { hello, nowMs }: Hearing,
  isNews: boolean,
): Heard {
  const refused = new Set([...knowledge.refused.values()].map(({ nodeId }) => nodeId));
  const strangers = hello.peers.filter(
    ({ nodeId }) =>
      nodeId !== self.nodeId &&
      !knowledge.peers.has(nodeId) &&
      !refused.has(nodeId) &&
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
  const { nodeId, hostname, instance, startedWallMs } = hello;
  const { address } = endpoint;
  const entry = { ...refusal, nodeId, hostname, address, startedWallMs, seenMs: nowMs };
  const others = withoutRefusalsOf(knowledge.refused, hello);
  return {
    ...knowledge,
    peers: peersWithout(knowledge.peers, hello, refusal),
    heard: withoutEntry(knowledge.heard, nodeId),
    refused: others.size < MAX_REFUSED ? withEntry(others, instance, entry) : others,
  };
}

function peersWithout(
  peers: Knowledge['peers'],
  { nodeId, instance }: Hello,
  { code }: Refusal,
): Knowledge['peers'] {
  const counted = peers.get(nodeId);
  if (counted?.hello.instance === instance) return withoutEntry(peers, nodeId);
  if (!counted || code !== 'peer.clone') return peers;
  return withEntry(peers, nodeId, { ...counted, lives: livesBeside(counted.lives, instance) });
}

/** What was held against this life or one before it; a clone's is that of another machine. */
function withoutRefusalsOf(
  refused: Knowledge['refused'],
  { nodeId, instance }: Hello,
): Knowledge['refused'] {
  if (refused.size === 0) return refused;
  const isOther = (life: string, entry: { readonly nodeId: string; readonly code: string }) =>
    life !== instance && (entry.nodeId !== nodeId || entry.code === 'peer.clone');
  const others = [...refused].filter(([life, entry]) => isOther(life, entry));
  return others.length === refused.size ? refused : new Map(others);
}
