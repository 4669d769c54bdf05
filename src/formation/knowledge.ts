import type { PeerEndpoint } from '../ports/peers.ts';
import type { GenesisRecord } from '../state/genesis-record.ts';
import type { Hello, Refusal } from '../state/hello.ts';
import type { NodeId } from '../state/node-id.ts';

/** A node that introduced itself to this one, and against which nothing is held. */
export interface KnownPeer {
  readonly hello: Hello;
  readonly endpoint: PeerEndpoint;
  /** When it last spoke to this node, on the monotonic clock. */
  readonly seenMs: number;
  /** False once a question to it failed, until it speaks again. */
  readonly answers: boolean;
  readonly lives: Lives;
}

/** Starts of the process behind one node id: how a restart is told from a clone. */
export interface Lives {
  /** By the peer's own wall clock, when the life that counts was first heard of. */
  readonly sinceWallMs: number;
  /** The life before it, dead as far as is known. */
  readonly before: string | null;
  /** A life that appeared while the one that counts was still alive. */
  readonly clone: string | null;
}

interface RefusedPeer extends Refusal {
  readonly nodeId: NodeId;
  readonly hostname: string;
  readonly address: string;
  readonly seenMs: number;
}

/** What this node knows of the others. Plain data; changed only by the functions of `hear.ts`. */
export interface Knowledge {
  readonly peers: ReadonlyMap<NodeId, KnownPeer>;
  readonly refused: ReadonlyMap<NodeId, RefusedPeer>;
  /** Who holds something against this node. */
  readonly refusedBy: ReadonlyMap<NodeId, Refusal>;
  /** Named by others and not met yet. */
  readonly heard: ReadonlyMap<NodeId, NamedPeer>;
}

interface NamedPeer {
  readonly endpoint: PeerEndpoint;
  readonly sinceMs: number;
}

export const NOTHING_KNOWN: Knowledge = {
  peers: new Map(),
  refused: new Map(),
  refusedBy: new Map(),
  heard: new Map(),
};

/** A peer that was not heard of for this long is taken for dead. */
export const SILENT_MS = 30_000;

export function isSilent({ seenMs }: { readonly seenMs: number }, nowMs: number): boolean {
  return nowMs - seenMs > SILENT_MS;
}

/** Who was met at this address. */
export function metAt({ peers }: Knowledge, { address, port }: PeerEndpoint): NodeId | undefined {
  for (const [nodeId, { endpoint }] of peers) {
    if (endpoint.port === port && endpoint.address === address) return nodeId;
  }
  return undefined;
}

/** Unformed nodes forget who fell silent; a formed one keeps them, for `status` and for dialling. */
export function forgetSilent(knowledge: Knowledge, isFormed: boolean, nowMs: number): Knowledge {
  const peers = isFormed ? knowledge.peers : withoutSilent(knowledge.peers, nowMs);
  const refused = withoutSilent(knowledge.refused, nowMs);
  const isSame = peers === knowledge.peers && refused === knowledge.refused;
  if (isSame) return knowledge;
  const isAround = ([nodeId]: readonly [NodeId, Refusal]) =>
    peers.has(nodeId) || refused.has(nodeId);
  const refusedBy = new Map([...knowledge.refusedBy].filter(isAround));
  return { ...knowledge, peers, refused, refusedBy };
}

function withoutSilent<Known extends { readonly seenMs: number }>(
  all: ReadonlyMap<NodeId, Known>,
  nowMs: number,
): ReadonlyMap<NodeId, Known> {
  const rest = new Map([...all].filter(([, known]) => !isSilent(known, nowMs)));
  return rest.size === all.size ? all : rest;
}

/** A question to this peer failed. */
export function noteNoAnswer(knowledge: Knowledge, nodeId: NodeId): Knowledge {
  const peer = knowledge.peers.get(nodeId);
  if (!peer?.answers) return knowledge;
  return { ...knowledge, peers: withEntry(knowledge.peers, nodeId, { ...peer, answers: false }) };
}

/** What a peer answered about this node itself. */
export function noteRefusedBy(
  knowledge: Knowledge,
  nodeId: NodeId,
  refusal: Refusal | null,
): Knowledge {
  if (refusal === null && !knowledge.refusedBy.has(nodeId)) return knowledge;
  const refusedBy =
    refusal === null
      ? withoutEntry(knowledge.refusedBy, nodeId)
      : withEntry(knowledge.refusedBy, nodeId, refusal);
  return { ...knowledge, refusedBy };
}

/** A peer was told the record and wrote it down. */
export function noteFormed(knowledge: Knowledge, nodeId: NodeId, formed: GenesisRecord): Knowledge {
  const peer = knowledge.peers.get(nodeId);
  if (!peer || peer.hello.formed) return knowledge;
  const { clusterId, epoch } = formed;
  const told = { ...peer, hello: { ...peer.hello, formed: { clusterId, epoch } } };
  return { ...knowledge, peers: withEntry(knowledge.peers, nodeId, told) };
}

export function withEntry<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  return new Map(map).set(key, value);
}

export function withoutEntry<K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> {
  if (!map.has(key)) return map;
  const rest = new Map(map);
  rest.delete(key);
  return rest;
}
