import {
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { TerminalError } from '../errors.ts';
import type { Sealer } from '../ports/sealer.ts';
import type { Sealed } from '../state/handover.ts';

/** Binds the derived key to this use of it; a change of the format needs another number. */
const INFO = 'civitas seal 1';
const CIPHER = 'aes-256-gcm';
const AES_KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const PUBLIC_KEY_BYTES = 32;
/** What `sealedSchema` admits as base64, less the tag. */
const MAX_PLAINTEXT_BYTES = 150_000 - TAG_BYTES;
/** DER of a SubjectPublicKeyInfo up to the 32 bytes of the key (RFC 8410, X25519). */
const X25519_PUBLIC = Buffer.from('302a300506032b656e032100', 'hex');

/**
 * Opens with `ownKey`, an X25519 private key. `seal` rejects with TerminalError `seal.bad-key` for
 * what is no X25519 public key and `seal.too-large` above 150 kB.
 */
export function createX25519Sealer(ownKey: KeyObject): Sealer {
  const ownPublicKey = rawPublicKey(ownKey);
  return {
    seal: (recipientKey, plaintext) => {
      const recipient = Buffer.from(recipientKey, 'base64');
      const ephemeral = generateKeyPairSync('x25519').privateKey;
      const ephemeralKey = rawPublicKey(ephemeral);
      const key = sharedKey(ephemeral, toPublicKey(recipient), ephemeralKey, recipient);
      return encrypt(key, ephemeralKey, bounded(plaintext));
    },
    open: (sealed) => {
      const ephemeralKey = Buffer.from(sealed.ephemeralKey, 'base64');
      try {
        const key = sharedKey(ownKey, toPublicKey(ephemeralKey), ephemeralKey, ownPublicKey);
        return decrypt(key, sealed);
      } catch (cause) {
        throw foreign(cause);
      }
    },
  };
}

/** Both public keys go into the derivation, so a box can be moved to no other pair of them. */
function sharedKey(
  privateKey: KeyObject,
  publicKey: KeyObject,
  ephemeral: Buffer,
  recipient: Buffer,
) {
  const secret = diffieHellman({ privateKey, publicKey });
  const salt = Buffer.concat([ephemeral, recipient]);
  return Buffer.from(hkdfSync('sha256', secret, salt, INFO, AES_KEY_BYTES));
}

function encrypt(key: Buffer, ephemeralKey: Buffer, plaintext: Buffer): Sealed {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  const parts = [cipher.update(plaintext), cipher.final(), cipher.getAuthTag()];
  return {
    ephemeralKey: ephemeralKey.toString('base64'),
    nonce: nonce.toString('base64'),
    ciphertext: Buffer.concat(parts).toString('base64'),
  };
}

function decrypt(key: Buffer, sealed: Sealed): string {
  const box = Buffer.from(sealed.ciphertext, 'base64');
  const nonce = Buffer.from(sealed.nonce, 'base64');
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(box.subarray(-TAG_BYTES));
  const parts = [decipher.update(box.subarray(0, -TAG_BYTES)), decipher.final()];
  return Buffer.concat(parts).toString('utf8');
}

function bounded(plaintext: string): Buffer {
  const bytes = Buffer.from(plaintext, 'utf8');
  if (bytes.length <= MAX_PLAINTEXT_BYTES) return bytes;
  const message = `The files of a handover have ${bytes.length} bytes, of which at most ${MAX_PLAINTEXT_BYTES} can be sealed: look for what does not belong under /etc/kubernetes/pki.`;
  throw new TerminalError('seal.too-large', message);
}

function toPublicKey(raw: Buffer): KeyObject {
  if (raw.length !== PUBLIC_KEY_BYTES) {
    throw new TerminalError(
      'seal.bad-key',
      'The key that a node enrolled with is no X25519 public key of 32 bytes in base64: report it.',
    );
  }
  const der = Buffer.concat([X25519_PUBLIC, raw]);
  return createPublicKey({ key: der, format: 'der', type: 'spki' });
}

function rawPublicKey(privateKey: KeyObject): Buffer {
  const der = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return der.subarray(-PUBLIC_KEY_BYTES);
}

function foreign(cause: unknown): TerminalError {
  const message =
    'The sealed box was made for another node, or was altered: its sponsor has to seal it again.';
  return new TerminalError('seal.foreign', message, { cause });
}
