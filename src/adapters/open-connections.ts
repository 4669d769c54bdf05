import type { NodeId } from '../state/node-id.ts';
import type { PeerConnection } from './peer-connection.ts';

/** Connections with a proven peer, whichever side made them. */
export interface OpenConnections {
  add(peer: NodeId, connection: PeerConnection): void;
  find(peer: NodeId): PeerConnection | undefined;
}

export function createOpenConnections(): OpenConnections {
  const connections = new Map<NodeId, PeerConnection>();

  return {
    add(peer, connection) {
      connections.set(peer, connection);
      void connection.closed.then(() => {
        if (connections.get(peer) === connection) connections.delete(peer);
      });
    },
    find: (peer) => connections.get(peer),
  };
}
