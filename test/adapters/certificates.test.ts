import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type Authority,
  deriveAuthority,
  enrolmentAuthority,
  issueLeaf,
  JOIN_VALIDITY,
  joinAuthority,
} from '../../src/adapters/certificates.ts';

const joinKey = new Uint8Array(32).fill(7);
const clusterId = '2f1e6a3c-8d7b-4c5a-9e0f-1a2b3c4d5e6f';

const parsed = (pem: string) => new X509Certificate(pem);

function leafOf(authority: Authority, addresses: readonly string[] = ['192.0.2.7', 'fd00::7']) {
  return issueLeaf(authority, { nodeId: 'abcdefghij2', addresses, ...JOIN_VALIDITY });
}

function isIssuedBy(leafPem: string, authority: Authority): boolean {
  const ca = parsed(authority.certificatePem);
  const leaf = parsed(leafPem);
  return leaf.checkIssued(ca) && leaf.verify(ca.publicKey);
}

describe('certificates', () => {
  test('every holder of the join key makes the same authority, byte for byte', () => {
    expect(joinAuthority(joinKey).certificatePem).toBe(joinAuthority(joinKey).certificatePem);
    const ca = parsed(joinAuthority(joinKey).certificatePem);
    expect({ isCa: ca.ca, subject: ca.subject, isSelfSigned: ca.verify(ca.publicKey) }).toEqual({
      isCa: true,
      subject: 'CN=civitas-join-ca-v1',
      isSelfSigned: true,
    });
  });

  test('another key, cluster or purpose gives another authority', () => {
    const authorities = [
      joinAuthority(joinKey),
      joinAuthority(new Uint8Array(32)),
      enrolmentAuthority(joinKey, clusterId),
      enrolmentAuthority(joinKey, clusterId.replace('2', '3')),
    ];
    const keys = authorities.map(
      ({ certificatePem }) => parsed(certificatePem).publicKey.export({ format: 'jwk' })['x'],
    );
    expect(new Set(keys).size).toBe(4);
  });

  test('a leaf names its node, the common name of all voters, and its addresses', () => {
    const { certificatePem, keyPem } = leafOf(joinAuthority(joinKey));
    const leaf = parsed(certificatePem);
    expect({
      subject: leaf.subject,
      names: leaf.subjectAltName,
      isCa: leaf.ca,
      usage: leaf.keyUsage,
      from: leaf.validFromDate.toISOString(),
      to: leaf.validToDate.toISOString(),
    }).toEqual({
      subject: 'CN=abcdefghij2',
      names:
        'DNS:abcdefghij2, DNS:civitas-voter, IP Address:192.0.2.7, IP Address:FD00:0:0:0:0:0:0:7',
      isCa: false,
      usage: ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'],
      from: '1970-01-01T00:00:00.000Z',
      to: '2199-01-01T00:00:00.000Z',
    });
    expect(keyPem).toMatch(/^-----BEGIN PRIVATE KEY-----/);
  });

  test('a leaf is accepted where its authority was derived, and nowhere else', () => {
    const { certificatePem } = leafOf(joinAuthority(joinKey));
    expect(isIssuedBy(certificatePem, joinAuthority(joinKey))).toBe(true);
    expect(isIssuedBy(certificatePem, enrolmentAuthority(joinKey, clusterId))).toBe(false);
    expect(isIssuedBy(certificatePem, joinAuthority(new Uint8Array(32)))).toBe(false);
  });

  test('each leaf has a key and a serial number of its own', () => {
    const leaves = Array.from({ length: 20 }, () =>
      parsed(leafOf(joinAuthority(joinKey)).certificatePem),
    );
    expect(new Set(leaves.map(({ serialNumber }) => serialNumber)).size).toBe(20);
    expect(new Set(leaves.map(({ fingerprint256 }) => fingerprint256)).size).toBe(20);
  });

  test('whatever the key and the validity, what was written can be read', () => {
    const seconds = fc.integer({ min: 0, max: Date.UTC(2199, 0, 1) / 1_000 });
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), seconds, (key, second) => {
        const authority = deriveAuthority(key, 'salt', 'label');
        const notBeforeMs = second * 1_000;
        const leaf = issueLeaf(authority, {
          nodeId: 'abcdefghij2',
          addresses: [],
          notBeforeMs,
          notAfterMs: JOIN_VALIDITY.notAfterMs,
        });
        expect(isIssuedBy(leaf.certificatePem, authority)).toBe(true);
        expect(parsed(leaf.certificatePem).validFromDate.getTime()).toBe(notBeforeMs);
      }),
      { numRuns: 300 },
    );
  });
});
