import { createHash, type KeyObject, sign } from 'node:crypto';
import {
  bitString,
  der,
  integer,
  octetString,
  oid,
  sequence,
  set,
  TRUE,
  time,
  utf8String,
} from './der.ts';

const ED25519 = sequence(oid('1.3.101.112'));

/** What goes into a certificate, besides what every one of ours has. */
export interface CertificateFields {
  readonly issuer: string;
  readonly serial: Uint8Array;
  readonly subject: string;
  readonly publicKey: KeyObject;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly extensions: readonly Buffer[];
}

/** A version 3 certificate of an Ed25519 key, signed by another (RFC 5280, RFC 8410), as PEM. */
export function certificate(signingKey: KeyObject, fields: CertificateFields): string {
  const signed = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(fields.serial),
    ED25519,
    distinguishedName(fields.issuer),
    sequence(time(fields.notBeforeMs), time(fields.notAfterMs)),
    distinguishedName(fields.subject),
    fields.publicKey.export({ format: 'der', type: 'spki' }),
    der(0xa3, sequence(...fields.extensions)),
  );
  const bytes = sequence(signed, ED25519, bitString(sign(null, signed, signingKey), 0));
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function distinguishedName(commonName: string): Buffer {
  return sequence(set(sequence(oid('2.5.4.3'), utf8String(commonName))));
}

/** One entry of `extensions`, from the DER of its value. */
export function extension(id: string, value: Buffer, criticality?: 'critical'): Buffer {
  const critical = criticality === 'critical' ? [TRUE] : [];
  return sequence(oid(id), ...critical, octetString(value));
}

export function subjectKeyId(publicKey: KeyObject): Buffer {
  return extension('2.5.29.14', octetString(keyIdOf(publicKey)));
}

/** Names a key: the leftmost 160 bits of the SHA-256 of the key (RFC 7093, method 1). */
export function keyIdOf(publicKey: KeyObject): Buffer {
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  return createHash('sha256').update(raw).digest().subarray(0, 20);
}
