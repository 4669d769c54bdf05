import { connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { RetryableError } from '../errors.ts';
import type { PeerEndpoint, PeerRequest } from '../ports/peers.ts';
import type { NodeId } from '../state/node-id.ts';
import { VOTER_NAME } from './certificates.ts';
import type { Identity } from './identity.ts';
import { createPeerConnection, type PeerConnection } from './peer-connection.ts';
import type { PeerLimits } from './peer-limits.ts';
import type { PeerTls } from './peer-tls.ts';

/** How node:tls names a certificate that another CA signed. */
const FOREIGN_CA = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_SIGNATURE_FAILURE',
]);

export interface PeerDialerOptions {
  readonly tls: PeerTls;
  readonly identity: Identity;
  readonly limits: PeerLimits;
  /** Dial from this address of ours; undefined leaves the choice to the kernel. */
  readonly localAddress: string | undefined;
  answer(request: PeerRequest): Promise<unknown>;
  onProven(peer: NodeId, connection: PeerConnection): void;
}

export interface PeerDialer {
  /** The connection that was made to this endpoint before, or a new one. Rejects as `Peers.request` does. */
  connect(endpoint: PeerEndpoint): Promise<PeerConnection>;
  close(): void;
}

/** Dials endpoints, one connection for each, kept until it is idle: the handshake is the costly part. */
export function createPeerDialer(options: PeerDialerOptions): PeerDialer {
  const secureContext = createSecureContext(options.tls);
  const connections = new Map<string, Promise<PeerConnection>>();
  let closed = false;

  async function dial(endpoint: PeerEndpoint): Promise<PeerConnection> {
    const socket = await connectTls(endpoint, secureContext, options);
    const { role, identity, limits, answer, onProven } = { role: 'caller', ...options } as const;
    const idleMs = limits.callerIdleMs;
    return createPeerConnection(socket, { role, identity, limits, idleMs, answer, onProven });
  }

  return {
    connect(endpoint) {
      if (closed) return Promise.reject(stopping());
      const key = `${endpoint.address} ${endpoint.port}`;
      const existing = connections.get(key);
      if (existing) return existing;
      const dialled = dial(endpoint);
      const forget = (): boolean => connections.delete(key);
      connections.set(key, dialled);
      dialled.then((connection) => connection.closed).then(forget, forget);
      return dialled;
    },
    close() {
      closed = true;
      for (const dialled of connections.values()) {
        dialled.then(
          (connection) => connection.close(),
          () => undefined,
        );
      }
    },
  };
}

async function connectTls(
  endpoint: PeerEndpoint,
  secureContext: SecureContext,
  { limits, localAddress }: PeerDialerOptions,
): Promise<TLSSocket> {
  const { address: host, port } = endpoint;
  const socket = connect({
    host,
    port,
    secureContext,
    servername: VOTER_NAME,
    // Who it is the proof tells; the certificate only says that the peer holds the join key.
    checkServerIdentity: () => undefined,
    ...(localAddress === undefined ? {} : { localAddress }),
  });
  await secured(socket, endpoint, limits.handshakeMs);
  return socket;
}

function secured(socket: TLSSocket, endpoint: PeerEndpoint, deadlineMs: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => socket.destroy(silent(endpoint, deadlineMs)), deadlineMs);
  const onError = (cause: NodeJS.ErrnoException): void => reject(notReached(endpoint, cause));
  const onClose = (): void => reject(notReached(endpoint, new Error('it was closed')));
  socket.once('error', onError);
  socket.once('close', onClose);
  socket.once('secureConnect', resolve);
  return promise.finally(() => {
    clearTimeout(timer);
    socket.off('error', onError);
    socket.off('close', onClose);
  });
}

function notReached({ address, port }: PeerEndpoint, cause: NodeJS.ErrnoException): RetryableError {
  if (cause instanceof RetryableError) return cause;
  if (cause.code !== undefined && FOREIGN_CA.has(cause.code)) {
    return new RetryableError(
      'peer.foreign-key',
      `The agent at ${address}:${port} was started with another cluster token: start both with the same one, or leave them apart.`,
      { cause },
    );
  }
  return new RetryableError(
    'peer.unreachable',
    `Nobody can be reached at ${address}:${port} (${cause.message}): check the network and the firewall if it stays.`,
    { cause },
  );
}

function silent({ address, port }: PeerEndpoint, deadlineMs: number): RetryableError {
  return new RetryableError(
    'peer.timeout',
    `The connection to ${address}:${port} was not there within ${deadlineMs} ms: look at the network, and at the load of that machine if it stays.`,
  );
}

function stopping(): RetryableError {
  return new RetryableError('peer.unreachable', 'This agent is stopping: start it again.');
}
