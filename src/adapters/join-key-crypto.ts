import type { Crypto } from '../ports/crypto.ts';
import { enrolmentAuthority } from './certificates.ts';

export function createJoinKeyCrypto(joinKey: Uint8Array): Crypto {
  return {
    enrolmentCa: (clusterId) => enrolmentAuthority(joinKey, clusterId).certificatePem,
  };
}
