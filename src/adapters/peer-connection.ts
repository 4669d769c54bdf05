import type { TLSSocket } from 'node:tls';
import { z } from 'zod';
import { CivitasError, RetryableError } from '../errors.ts';
import type { PeerMethod, PeerReply, PeerRequest } from '../ports/peers.ts';
import type { NodeId } from '../state/node-id.ts';
import { type FramedSocket, frameSocket } from './framed-socket.ts';
import type { Identity } from './identity.ts';
import { createOpenRequests } from './open-requests.ts';
import type { PeerLimits } from './peer-limits.ts';
import { type PeerRole, proofOf, provenNodeId } from './peer-proof.ts';

const id = z.int().min(1);
const refusedSchema = z.strictObject({ code: z.string().max(64), message: z.string().max(1_000) });

const messageSchema = z.union([
  z.strictObject({
    id,
    method: z.enum(['hello', 'genesis', 'ping', 'call', 'replicas', 'file']),
    body: z.unknown(),
  }),
  z.strictObject({ id, answer: z.unknown() }),
  z.strictObject({ id, refused: refusedSchema }),
]);

type Message = z.infer<typeof messageSchema>;
type Outcome = { readonly answer: unknown } | { readonly refused: z.infer<typeof refusedSchema> };

export interface PeerConnection {
  /** Rejects as `Peers.request` does. */
  request(method: PeerMethod, body: unknown): Promise<PeerReply>;
  /** Resolves when the connection is gone, however it went. */
  readonly closed: Promise<void>;
  close(): void;
}

export interface ConnectionOptions {
  readonly role: PeerRole;
  readonly identity: Identity;
  readonly limits: PeerLimits;
  readonly idleMs: number;
  /** Answers what the other side asks. */
  answer(request: PeerRequest): Promise<unknown>;
  onProven(peer: NodeId, connection: PeerConnection): void;
}

/**
 * Speaks on a socket whose TLS handshake is done. Each side first proves its identity, then both
 * may ask. Whatever breaks the protocol or a deadline closes the connection.
 */
export function createPeerConnection(tls: TLSSocket, options: ConnectionOptions): PeerConnection {
  const { role, identity, limits } = options;
  const requests = createOpenRequests<PeerReply>(limits.requestMs, (error) => socket.fail(error));
  const { promise: closed, resolve: onGone } = Promise.withResolvers<void>();
  const socket = frameSocket(tls, {
    frameMs: limits.requestMs,
    idleMs: options.idleMs,
    onBody: (body) =>
      peer === undefined ? onProof(body) : onMessage(peer, messageSchema.parse(body)),
    onClosed(reason) {
      clearTimeout(proofTimer);
      requests.close(reason);
      onGone();
    },
  });
  const proofTimer = setTimeout(() => socket.fail(unproven(socket)), limits.handshakeMs);
  const connection: PeerConnection = {
    request: (method, body) =>
      requests.open((requestId) => socket.send({ id: requestId, method, body })),
    closed,
    close: () => tls.end(),
  };
  let peer: NodeId | undefined;
  let answering = 0;

  function onProof(body: unknown): void {
    peer = provenNodeId(body, role === 'caller' ? 'listener' : 'caller', tls);
    clearTimeout(proofTimer);
    options.onProven(peer, connection);
  }

  function onMessage(from: NodeId, message: Message): void {
    if ('method' in message) {
      const { method, body } = message;
      void answer(message.id, { from, address: socket.address, method, body });
    } else if ('answer' in message) {
      requests.answer(message.id, { from, body: message.answer });
    } else {
      requests.refuse(message.id, refusal(socket, message.refused));
    }
  }

  async function answer(requestId: number, request: PeerRequest): Promise<void> {
    if (answering >= limits.openRequests) {
      socket.fail(flooded(socket));
      return;
    }
    answering += 1;
    const outcome = await outcomeOf(options.answer(request));
    answering -= 1;
    reply(socket, requestId, outcome);
  }

  try {
    socket.send(proofOf(identity, role, tls));
  } catch (cause) {
    // The other side may be gone already; then there is nothing to prove on this connection.
    socket.fail(gone(socket, cause));
  }
  return connection;
}

function outcomeOf(answering: Promise<unknown>): Promise<Outcome> {
  return answering.then(
    (answer) => ({ answer: answer ?? null }),
    (error: unknown) => ({ refused: refusedOf(error) }),
  );
}

function refusedOf(error: unknown): z.infer<typeof refusedSchema> {
  if (error instanceof CivitasError) {
    return { code: error.code, message: error.message.slice(0, 1_000) };
  }
  return { code: 'peer.failed', message: 'The request failed: see the log of that agent.' };
}

function reply(socket: FramedSocket, requestId: number, outcome: Outcome): void {
  try {
    socket.send({ id: requestId, ...outcome });
  } catch (error) {
    socket.send({ id: requestId, refused: refusedOf(error) });
  }
}

function refusal({ address }: FramedSocket, { code, message }: z.infer<typeof refusedSchema>) {
  return new RetryableError('peer.refused', `${address} refused (${code}): ${message}`);
}

function unproven({ address }: FramedSocket): RetryableError {
  return new RetryableError(
    'peer.timeout',
    `The peer at ${address} did not prove its identity in time: look at the load of that machine if it stays.`,
  );
}

function flooded({ address }: FramedSocket): RetryableError {
  return new RetryableError(
    'peer.timeout',
    `The peer at ${address} asks faster than it reads answers: look at the load of that machine if it stays.`,
  );
}

function gone({ address }: FramedSocket, cause: unknown): RetryableError {
  const message = `The connection to ${address} ended before an identity was proven: check that a civitas agent of this release listens there.`;
  return new RetryableError('peer.unreachable', message, { cause });
}
