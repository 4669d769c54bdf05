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
  /** Another one that is alive at the same time; a restart of the one that counts does not change that. */
  readonly clone: string | null;
}

interface RefusedPeer extends Refusal {
  readonly nodeId: NodeId;
  readonly hostname: string;
  readonly address: string;
  /** By its own wall clock, when its process started. */
  readonly startedWallMs: number;
  readonly seenMs: number;
}

/** What this node knows of the others. Plain data; changed only by the functions of `hear.ts`. */
export interface Knowledge {
  readonly peers: ReadonlyMap<NodeId, KnownPeer>;
  /** By instance: a clone has the node id of the one that it was copied from. */
  readonly refused: ReadonlyMap<string, RefusedPeer>;
  /** Who holds something against this node, by instance. */
  readonly refusedBy: ReadonlyMap<string, Refusal>;
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

/**
 * Where to ask a node. The id lets an open connection serve, which may be that of a clone once
 * there is one: then only the address leads to the life that counts.
 */
export function targetOf({ peers, heard }: Knowledge, nodeId: NodeId): Target | undefined {
  const peer = peers.get(nodeId);
  const endpoint = peer?.endpoint ?? heard.get(nodeId)?.endpoint;
  if (!endpoint || peer?.lives.clone) return endpoint;
  return { ...endpoint, nodeId };
}

type Target = PeerEndpoint & { readonly nodeId?: NodeId };

/** Unformed nodes forget who fell silent; a formed one keeps them, for `status` and for dialling. */
export function forgetSilent(knowledge: Knowledge, isFormed: boolean, nowMs: number): Knowledge {
  const peers = isFormed ? knowledge.peers : withoutSilent(knowledge.peers, nowMs);
  const refused = withoutSilent(knowledge.refused, nowMs);
  const isSame = peers === knowledge.peers && refused === knowledge.refused;
  if (isSame) return knowledge;
  const lives = new Set([...peers.values()].map(({ hello }) => hello.instance));
  const isAround = (instance: string) => lives.has(instance) || refused.has(instance);
  const refusedBy = new Map([...knowledge.refusedBy].filter(([instance]) => isAround(instance)));
  return { ...knowledge, peers, refused, refusedBy };
}

function withoutSilent<Known extends { readonly seenMs: number }>(
  all: ReadonlyMap<string, Known>,
  nowMs: number,
): ReadonlyMap<string, Known> {
  if (all.size === 0) return all;
  const rest = new Map([...all].filter(([, known]) => !isSilent(known, nowMs)));
  return rest.size === all.size ? all : rest;
}

/** A question to this peer failed. */
export function noteNoAnswer(knowledge: Knowledge, nodeId: NodeId): Knowledge {
  const peer = knowledge.peers.get(nodeId);
  if (!peer?.answers) return knowledge;
  return { ...knowledge, peers: withEntry(knowledge.peers, nodeId, { ...peer, answers: false }) };
}

/** What one life of a peer answered about this node itself. */
export function noteRefusedBy(
  knowledge: Knowledge,
  instance: string,
  refusal: Refusal | null,
): Knowledge {
  if (refusal === null && !knowledge.refusedBy.has(instance)) return knowledge;
  const refusedBy =
    refusal === null
      ? withoutEntry(knowledge.refusedBy, instance)
      : withEntry(knowledge.refusedBy, instance, refusal);
  return { ...knowledge, refusedBy };
}

/** Why others do not count this node. What a clone has against the node it is of says nothing new. */
export function heldAgainstUs({ refused, refusedBy }: Knowledge): readonly Refusal[] {
  if (refusedBy.size === 0) return [];
  const isClone = (instance: string) => refused.get(instance)?.code === 'peer.clone';
  return [...refusedBy].flatMap(([instance, refusal]) => (isClone(instance) ? [] : [refusal]));
}

/** A peer was told the record and wrote it down. */
export function noteFormed(knowledge: Knowledge, nodeId: NodeId, formed: GenesisRecord): Knowledge {
  const peer = knowledge.peers.get(nodeId);
  const { clusterId, epoch } = formed;
  if (!peer || (peer.hello.formed?.epoch ?? 0) >= epoch) return knowledge;
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
