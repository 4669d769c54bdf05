import type { SecureContextOptions } from 'node:tls';
import type { NodeId } from '../state/node-id.ts';
import { issueLeaf, JOIN_VALIDITY, joinAuthority } from './certificates.ts';

/** What both ends of the peers' protocol use: TLS 1.3 only, and nobody without a leaf of the join CA. */
export type PeerTls = Required<Pick<SecureContextOptions, 'ca' | 'cert' | 'key' | 'minVersion'>>;

/** New for every start of the process; the private key is never written to disk. */
export function peerTls(joinKey: Uint8Array, nodeId: NodeId): PeerTls {
  const authority = joinAuthority(joinKey);
  const leaf = issueLeaf(authority, { nodeId, addresses: [], ...JOIN_VALIDITY });
  return {
    ca: authority.certificatePem,
    cert: leaf.certificatePem,
    key: leaf.keyPem,
    minVersion: 'TLSv1.3',
  };
}
