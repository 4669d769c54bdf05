import { deriveAuthority, issueLeaf, JOIN_VALIDITY } from '../../src/adapters/certificates.ts';

export interface TlsPair {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** A certificate for 127.0.0.1, for servers and clients, of the CA that tests call by `cluster`. */
export function tlsOf(cluster: string, commonName: string): TlsPair {
  const authority = deriveAuthority(Buffer.alloc(32), cluster, 'civitas-test-ca');
  const { certificatePem, keyPem } = issueLeaf(authority, {
    nodeId: commonName,
    addresses: ['127.0.0.1'],
    ...JOIN_VALIDITY,
  });
  return { ca: authority.certificatePem, cert: certificatePem, key: keyPem };
}
