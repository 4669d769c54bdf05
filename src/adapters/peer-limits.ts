/** What a peer may cost us. The defaults are for production; tests shorten the times. */
export interface PeerLimits {
  /** From connect to proven identity, TLS included. */
  readonly handshakeMs: number;
  /** From request to answer, and from the first to the last byte of a frame. */
  readonly requestMs: number;
  /** A connection that nobody used for this long is closed; the caller's end first. */
  readonly callerIdleMs: number;
  readonly listenerIdleMs: number;
  /** Connections that have not proven an identity yet: from one address, and in all. */
  readonly unprovenPerAddress: number;
  readonly unproven: number;
  readonly connections: number;
  /** Requests of one connection that are being answered. */
  readonly openRequests: number;
}

export const PEER_LIMITS: PeerLimits = {
  handshakeMs: 5_000,
  requestMs: 5_000,
  callerIdleMs: 60_000,
  listenerIdleMs: 90_000,
  unprovenPerAddress: 64,
  unproven: 256,
  connections: 2_048,
  openRequests: 16,
};
