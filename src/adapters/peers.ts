import { RetryableError } from '../errors.ts';
import type { PeerHandler, PeerMethod, PeerRequest, Peers } from '../ports/peers.ts';
import type { Identity } from './identity.ts';
import { createOpenConnections } from './open-connections.ts';
import { createPeerDialer } from './peer-dialer.ts';
import { PEER_LIMITS, type PeerLimits } from './peer-limits.ts';
import { listenForPeers } from './peer-listener.ts';
import { peerTls } from './peer-tls.ts';

export interface PeersOptions {
  readonly joinKey: Uint8Array;
  readonly identity: Identity;
  /** `0.0.0.0` or `::` for all of this host, or one address, which is then also dialled from. */
  readonly address: string;
  /** 0: any free one. */
  readonly port: number;
  readonly limits?: PeerLimits;
}

/** An open port of the peers' protocol. */
export interface OpenPeers extends Peers {
  readonly port: number;
  close(): Promise<void>;
}

/** Opens the peers' port. Errors are those of `listenForPeers`. */
export async function openPeers(options: PeersOptions): Promise<OpenPeers> {
  const { joinKey, identity, address, port, limits = PEER_LIMITS } = options;
  const handlers = new Map<PeerMethod, PeerHandler>();
  const tls = peerTls(joinKey, identity.nodeId);
  const answer = async (request: PeerRequest): Promise<unknown> => {
    const handler = handlers.get(request.method);
    if (!handler)
      throw new RetryableError(
        'peer.not-ready',
        'This agent is still starting: it answers in a moment.',
      );
    return handler(request);
  };
  const open = createOpenConnections();
  const shared = { tls, identity, limits, answer, onProven: open.add };
  const listener = await listenForPeers({ ...shared, address, port });
  const isAnywhere = address === '0.0.0.0' || address === '::';
  const dialer = createPeerDialer({ ...shared, localAddress: isAnywhere ? undefined : address });

  return {
    port: listener.port,
    async request({ nodeId, ...endpoint }, method, body) {
      const existing = nodeId === undefined ? undefined : open.find(nodeId);
      const connection = existing ?? (await dialer.connect(endpoint));
      return connection.request(method, body);
    },
    serve: (method, handler) => {
      handlers.set(method, handler);
    },
    async close() {
      dialer.close();
      await listener.close();
    },
  };
}
