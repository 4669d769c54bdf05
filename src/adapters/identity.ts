import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { z } from 'zod';
import type { Durable } from '../ports/durable.ts';
import type { NodeId } from '../state/node-id.ts';

const FILE = 'identity';
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';
const NODE_ID_LETTERS = 11;
/** DER of a SubjectPublicKeyInfo up to the 32 bytes of the key (RFC 8410). */
const ED25519_PUBLIC = Buffer.from('302a300506032b6570032100', 'hex');

const storedSchema = z.strictObject({
  version: z.literal(1),
  /** PKCS #8, base64: Ed25519. */
  identityKey: z.base64(),
  /** PKCS #8, base64: X25519. */
  sealKey: z.base64(),
});

/** Who this node is, for as long as its state directory lives. */
export interface Identity {
  readonly nodeId: NodeId;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** X25519, 32 bytes: what is sealed to it only this node can open. */
  readonly sealPublicKey: Uint8Array;
  readonly sealPrivateKey: KeyObject;
  /** Ed25519, 64 bytes. */
  sign(message: Uint8Array): Uint8Array;
}

/** Reads the identity, or makes and stores one where there is none yet. Errors are those of `durable`. */
export async function openIdentity(durable: Durable): Promise<Identity> {
  const stored = await durable.read(FILE, storedSchema);
  if (stored) return identityOf(stored);
  const fresh = newKeys();
  await durable.write(FILE, fresh);
  return identityOf(fresh);
}

/** First 55 bits of the SHA-256 of a raw Ed25519 public key, as RFC 4648 base32 in lower case. */
export function nodeIdOf(publicKey: Uint8Array): NodeId {
  const digest = createHash('sha256').update(publicKey).digest();
  const bits = digest.readBigUInt64BE() >> BigInt(64 - 5 * NODE_ID_LETTERS);
  const letters = Array.from({ length: NODE_ID_LETTERS }, (_, index) => {
    const shift = BigInt(5 * (NODE_ID_LETTERS - 1 - index));
    return BASE32[Number((bits >> shift) & 31n)];
  });
  return letters.join('');
}

/** Whether `signature` is that of the owner of this raw Ed25519 key. */
export function isSignedBy(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const der = Buffer.concat([ED25519_PUBLIC, publicKey]);
  return verify(
    null,
    message,
    createPublicKey({ key: der, format: 'der', type: 'spki' }),
    signature,
  );
}

function newKeys(): z.infer<typeof storedSchema> {
  const identityKey = generateKeyPairSync('ed25519').privateKey;
  const sealKey = generateKeyPairSync('x25519').privateKey;
  return { version: 1, identityKey: pkcs8(identityKey), sealKey: pkcs8(sealKey) };
}

function identityOf(stored: z.infer<typeof storedSchema>): Identity {
  const identityKey = privateKey(stored.identityKey);
  const sealPrivateKey = privateKey(stored.sealKey);
  const publicKey = rawPublicKey(identityKey);
  return {
    nodeId: nodeIdOf(publicKey),
    publicKey,
    sealPublicKey: rawPublicKey(sealPrivateKey),
    sealPrivateKey,
    sign: (message) => new Uint8Array(sign(null, message, identityKey)),
  };
}

function pkcs8(key: KeyObject): string {
  return key.export({ format: 'der', type: 'pkcs8' }).toString('base64');
}

function privateKey(base64: string): KeyObject {
  return createPrivateKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'pkcs8' });
}

function rawPublicKey(key: KeyObject): Uint8Array {
  const der = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return new Uint8Array(der.subarray(-32));
}
