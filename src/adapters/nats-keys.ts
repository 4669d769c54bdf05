import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject, sign } from 'node:crypto';
import { Prefix } from '@nats-io/nkeys';
// The package exports no way to name a key by its raw bytes; its version is pinned, and a test holds the result.
import { Codec } from '@nats-io/nkeys/lib/codec.js';

/** DER of a PKCS #8 Ed25519 key up to its 32 bytes of seed (RFC 8410). */
const ED25519_PRIVATE = Buffer.from('302e020100300506032b657004220420', 'hex');
const KEY_BYTES = 32;

/** A user of the log's nats-servers. */
export interface LogUser {
  /** `U…`: what the servers know. */
  readonly publicKey: string;
  /** Answers a server's challenge; base64. */
  answer(challenge: string): string;
}

/** Every holder of the join key derives the same users. */
export interface LogUsers {
  /** Account CIV: the entries and leases. */
  readonly client: LogUser;
  /** Account SYS: questions about the servers themselves. */
  readonly system: LogUser;
}

/**
 * HKDF-SHA256 of the join key with the cluster's id as salt, one label per user. Signed with
 * node:crypto, as the NATS client's own Ed25519 takes 100 ms in an agent that just started.
 */
export function deriveLogUsers(joinKey: Uint8Array, clusterId: string): LogUsers {
  const derive = (label: string): LogUser => {
    const seed = hkdfSync('sha256', joinKey, clusterId, `civitas log ${label} v1`, KEY_BYTES);
    return logUser(
      createPrivateKey({
        key: Buffer.concat([ED25519_PRIVATE, Buffer.from(seed)]),
        format: 'der',
        type: 'pkcs8',
      }),
    );
  };
  return { client: derive('client'), system: derive('system') };
}

function logUser(key: KeyObject): LogUser {
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  const rawKey = new Uint8Array(spki.subarray(-KEY_BYTES));
  return {
    publicKey: new TextDecoder().decode(Codec.encode(Prefix.User, rawKey)),
    answer: (challenge) => sign(null, Buffer.from(challenge), key).toString('base64'),
  };
}
