import type { TLSSocket } from 'node:tls';
import { z } from 'zod';
import { RetryableError } from '../errors.ts';
import type { NodeId } from '../state/node-id.ts';
import { type Identity, isSignedBy, nodeIdOf } from './identity.ts';

/** A TLS exporter label (RFC 8446 section 7.5): its value is known to the two ends of one connection only. */
const EXPORTER = 'EXPORTER-civitas-peer-v1';

export type PeerRole = 'caller' | 'listener';

const bytes = (length: number) =>
  z
    .base64()
    .transform((text): Uint8Array => new Uint8Array(Buffer.from(text, 'base64')))
    .refine((value) => value.length === length, `must be ${length} bytes`);

const proofSchema = z.strictObject({ identityKey: bytes(32), signature: bytes(64) });

/**
 * The first frame of each side. Every holder of the join key can make a certificate for any name;
 * only the owner of the identity key can sign what both ends of this very connection know, so a
 * proof can neither be forged nor carried over to another connection.
 */
export function proofOf(identity: Identity, role: PeerRole, socket: TLSSocket): unknown {
  return {
    identityKey: Buffer.from(identity.publicKey).toString('base64'),
    signature: Buffer.from(identity.sign(statement(role, socket))).toString('base64'),
  };
}

/** The node id that `proof` and the peer's certificate prove; RetryableError `peer.forged`. */
export function provenNodeId(proof: unknown, role: PeerRole, socket: TLSSocket): NodeId {
  const parsed = proofSchema.safeParse(proof);
  if (!parsed.success) throw forged(socket, 'sent no proof of its identity');
  const { identityKey, signature } = parsed.data;
  if (!isSignedBy(identityKey, statement(role, socket), signature)) {
    throw forged(socket, 'sent a wrong signature');
  }
  const nodeId = nodeIdOf(identityKey);
  const names = socket.getPeerX509Certificate()?.subjectAltName?.split(', ') ?? [];
  if (!names.includes(`DNS:${nodeId}`)) throw forged(socket, `has no certificate for ${nodeId}`);
  return nodeId;
}

function statement(role: PeerRole, socket: TLSSocket): Buffer {
  const secret = socket.exportKeyingMaterial(32, EXPORTER, Buffer.alloc(0));
  return Buffer.concat([Buffer.from(`civitas-peer-v1 ${role}\n`), secret]);
}

function forged(socket: TLSSocket, what: string): RetryableError {
  return new RetryableError(
    'peer.forged',
    `The peer at ${socket.remoteAddress} ${what}: it is not an agent of this release, or it pretends to be somebody else.`,
  );
}
