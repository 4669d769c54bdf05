import type { Crypto } from '../ports/crypto.ts';
import { enrolmentAuthority } from './certificates.ts';

/** Keeps the join key to itself, and answers what can be derived from it. */
export function createJoinKeyCrypto(joinKey: Uint8Array): Crypto {
  return {
    enrolmentCa: (clusterId) => enrolmentAuthority(joinKey, clusterId).certificatePem,
  };
}
