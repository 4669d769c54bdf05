import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import ipaddr from 'ipaddr.js';
import type { NodeId } from '../state/node-id.ts';
import { bitString, der, integer, oid, sequence, TRUE } from './der.ts';
import { certificate, extension, keyIdOf, subjectKeyId } from './x509.ts';

/** A name that is in every leaf: NATS clients verify it whatever address they dialled. */
export const VOTER_NAME = 'civitas-voter';

/** DER of a PKCS #8 Ed25519 key up to its 32 bytes of seed (RFC 8410). */
const ED25519_PRIVATE = Buffer.from('302e020100300506032b657004220420', 'hex');

/** From before any clock that went wrong to long after all of us: it is the join key that expires. */
const AUTHORITY_NOT_BEFORE_MS = Date.UTC(1970, 0, 1);
const AUTHORITY_NOT_AFTER_MS = Date.UTC(2199, 0, 1);

/** A CA that every holder of the join key has, without ever having met another. */
export interface Authority {
  /** The same bytes on every node. */
  readonly certificatePem: string;
  readonly commonName: string;
  readonly key: KeyObject;
}

export interface LeafRequest {
  readonly nodeId: NodeId;
  /** IPv4 or IPv6 addresses to stand in the certificate. */
  readonly addresses: readonly string[];
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

export interface Leaf {
  readonly certificatePem: string;
  /** PKCS #8; secret. */
  readonly keyPem: string;
}

/** What certificates before enrolment are issued for: as long as the CA, so a wrong clock is named by `hello`, not hidden in TLS. */
export const JOIN_VALIDITY = {
  notBeforeMs: AUTHORITY_NOT_BEFORE_MS,
  notAfterMs: AUTHORITY_NOT_AFTER_MS,
} as const;

/** The CA of the peers' own protocol. */
export function joinAuthority(joinKey: Uint8Array): Authority {
  return deriveAuthority(joinKey, '', 'civitas-join-ca-v1');
}

/** The CA of one cluster's log and of its enrolled nodes. */
export function enrolmentAuthority(joinKey: Uint8Array, clusterId: string): Authority {
  return deriveAuthority(joinKey, clusterId, 'civitas-enrolment-ca-v1');
}

/**
 * An Ed25519 CA whose key is HKDF-SHA256(joinKey, salt, label). Safe only because the join key is
 * random: a passphrase could be guessed offline from one captured certificate.
 */
export function deriveAuthority(joinKey: Uint8Array, salt: string, label: string): Authority {
  const seed = Buffer.from(hkdfSync('sha256', joinKey, salt, label, 32));
  const key = createPrivateKey({
    key: Buffer.concat([ED25519_PRIVATE, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const publicKey = createPublicKey(key);
  const commonName = salt === '' ? label : `${label} ${salt}`;
  const certificatePem = certificate(key, {
    issuer: commonName,
    serial: keyIdOf(publicKey).subarray(0, 16),
    subject: commonName,
    publicKey,
    notBeforeMs: AUTHORITY_NOT_BEFORE_MS,
    notAfterMs: AUTHORITY_NOT_AFTER_MS,
    extensions: [
      extension('2.5.29.19', sequence(TRUE, integer(Buffer.from([0]))), 'critical'),
      extension('2.5.29.15', bitString(Buffer.from([0b0000_0110]), 1), 'critical'),
      subjectKeyId(publicKey),
    ],
  });
  return { certificatePem, commonName, key };
}

/**
 * A certificate for a new random key, good as TLS server and client: `DNS:<nodeId>`,
 * `DNS:civitas-voter` and the addresses.
 */
export function issueLeaf(authority: Authority, request: LeafRequest): Leaf {
  const { nodeId, addresses, notBeforeMs, notAfterMs } = request;
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const names = [nodeId, VOTER_NAME].map((name) => der(0x82, Buffer.from(name)));
  const ips = addresses.map((address) =>
    der(0x87, Buffer.from(ipaddr.parse(address).toByteArray())),
  );
  const certificatePem = certificate(authority.key, {
    issuer: authority.commonName,
    serial: randomBytes(16),
    subject: nodeId,
    publicKey,
    notBeforeMs,
    notAfterMs,
    extensions: [
      extension('2.5.29.19', sequence(), 'critical'),
      extension('2.5.29.15', bitString(Buffer.from([0b1000_0000]), 7), 'critical'),
      extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.1'), oid('1.3.6.1.5.5.7.3.2'))),
      extension('2.5.29.17', sequence(...names, ...ips)),
      extension('2.5.29.35', sequence(der(0x80, keyIdOf(createPublicKey(authority.key))))),
      subjectKeyId(publicKey),
    ],
  });
  return { certificatePem, keyPem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString() };
}
