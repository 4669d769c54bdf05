import type { Server, Socket } from 'node:net';
import { createServer } from 'node:tls';
import { TerminalError } from '../errors.ts';
import type { PeerRequest } from '../ports/peers.ts';
import type { NodeId } from '../state/node-id.ts';
import type { Identity } from './identity.ts';
import { createPeerConnection, type PeerConnection } from './peer-connection.ts';
import type { PeerLimits } from './peer-limits.ts';
import type { PeerTls } from './peer-tls.ts';
import { createUnprovenConnections, remoteKey } from './unproven-connections.ts';

export interface PeerListenerOptions {
  /** `0.0.0.0`, `::` or one address. */
  readonly address: string;
  /** 0: any free one. */
  readonly port: number;
  readonly tls: PeerTls;
  readonly identity: Identity;
  readonly limits: PeerLimits;
  answer(request: PeerRequest): Promise<unknown>;
  onProven(peer: NodeId, connection: PeerConnection): void;
}

export interface PeerListener {
  readonly port: number;
  /** Closes the port and every connection that came in by it. */
  close(): Promise<void>;
}

/** TerminalError `peer.port-taken` or `peer.no-port` when the port can not be opened. */
export async function listenForPeers(options: PeerListenerOptions): Promise<PeerListener> {
  const { tls, identity, limits, answer, onProven } = options;
  const unproven = createUnprovenConnections(limits);
  const open = new Set<Socket>();
  const server = createServer({
    ...tls,
    requestCert: true,
    rejectUnauthorized: true,
    handshakeTimeout: limits.handshakeMs,
  });
  server.maxConnections = limits.connections;

  server.on('connection', (socket: Socket) => {
    if (!unproven.admit(socket)) {
      socket.destroy();
      return;
    }
    const key = remoteKey(socket);
    open.add(socket);
    socket.once('close', () => {
      open.delete(socket);
      unproven.settle(key);
    });
  });

  server.on('secureConnection', (socket) => {
    const key = remoteKey(socket);
    createPeerConnection(socket, {
      role: 'listener',
      identity,
      limits,
      idleMs: limits.listenerIdleMs,
      answer,
      onProven(peer, connection) {
        unproven.settle(key);
        onProven(peer, connection);
      },
    });
  });

  // Strangers, port scanners and holders of another join key: none of them is worth a log line.
  server.on('tlsClientError', (_error, socket) => socket.destroy());

  await listen(server, options);
  // An accept that failed, for want of file descriptors say, costs that connection only.
  server.on('error', () => undefined);
  return {
    port: portOf(server),
    close: () => {
      for (const socket of open) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function listen(server: Server, { address, port }: PeerListenerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (cause: NodeJS.ErrnoException) => reject(notOpened(address, port, cause));
    server.once('error', onError);
    server.listen({ host: address, port }, () => {
      server.off('error', onError);
      resolve();
    });
  });
}

function notOpened(address: string, port: number, cause: NodeJS.ErrnoException): TerminalError {
  if (cause.code === 'EADDRINUSE') {
    return new TerminalError(
      'peer.port-taken',
      `Port ${port} of ${address} is taken by another program: stop it, or choose another with --port.`,
      { cause },
    );
  }
  return new TerminalError(
    'peer.no-port',
    `Port ${port} of ${address} can not be opened (${cause.code}): choose an address of this machine with --address, or another --port.`,
    { cause },
  );
}

function portOf(server: Server): number {
  const bound = server.address();
  return typeof bound === 'object' && bound !== null ? bound.port : 0;
}
