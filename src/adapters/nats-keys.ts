import { hkdfSync } from 'node:crypto';
import { fromSeed, type KeyPair, Prefix } from '@nats-io/nkeys';
// The package exports no way to name a key by its raw bytes; its version is pinned, and a test holds the result.
import { Codec } from '@nats-io/nkeys/lib/codec.js';

const KEY_BYTES = 32;

/** The two users of the log's nats-servers. Every holder of the join key derives the same ones. */
export interface LogKeys {
  /** Account CIV: the entries and leases. */
  readonly client: KeyPair;
  /** Account SYS: questions about the servers themselves. */
  readonly system: KeyPair;
}

/** HKDF-SHA256 of the join key with the cluster's id as salt, one label per user. */
export function deriveLogKeys(joinKey: Uint8Array, clusterId: string): LogKeys {
  const derive = (label: string) => {
    const raw = hkdfSync('sha256', joinKey, clusterId, `civitas log ${label} v1`, KEY_BYTES);
    return fromSeed(Codec.encodeSeed(Prefix.User, new Uint8Array(raw)));
  };
  return { client: derive('client'), system: derive('system') };
}
