import type { NodeId } from '../state/node-id.ts';

/**
 * `hello`: who are you; `genesis`: one Paxos message; `ping`: are you there; `call`: a named question of the agent;
 * `replicas`: where the log's replicas are, as far as you know; `file`: a piece of a bundle's file.
 */
export type PeerMethod = 'hello' | 'genesis' | 'ping' | 'call' | 'replicas' | 'file';

export interface PeerEndpoint {
  /** IPv4 or IPv6, never a name. */
  readonly address: string;
  readonly port: number;
}

interface PeerTarget extends PeerEndpoint {
  /** Who was met there before: a connection that is open to it, whichever side made it, is used. */
  readonly nodeId?: NodeId;
}

export interface PeerRequest {
  readonly method: PeerMethod;
  /** Who the caller is: proven by its identity key over this very connection. */
  readonly from: NodeId;
  /** Where the connection comes from. */
  readonly address: string;
  /** JSON as it came: bounded in size and depth, but not yet validated. */
  readonly body: unknown;
}

export interface PeerReply {
  /** Who answered: proven like the caller. */
  readonly from: NodeId;
  /** Not yet validated, like the body of a request. */
  readonly body: unknown;
}

export type PeerHandler = (request: PeerRequest) => Promise<unknown>;

/** Other holders of the same join key: mutual TLS 1.3, both sides with a proven identity. */
export interface Peers {
  /**
   * Asks once; no retry. Rejects with RetryableError `peer.unreachable` (nobody there,
   * or the connection broke), `peer.timeout`, `peer.foreign-key` (somebody there holds another
   * join key), `peer.forged` (identity not proven), `peer.refused` (the handler failed).
   */
  request(target: PeerTarget, method: PeerMethod, body: unknown): Promise<PeerReply>;
  /** One handler per method; a later one takes the place of an earlier. An error it throws is told to the caller. */
  serve(method: PeerMethod, handler: PeerHandler): void;
}
