import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sha256 } from '../../src/state/sha256.ts';

function hashed(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

describe('sha256', () => {
  test('is what FIPS 180-4 gives as an example', () => {
    expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  test.each([0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 1_000])('agrees over %i letters', (length) => {
    expect(sha256('x'.repeat(length))).toBe(hashed('x'.repeat(length)));
  });

  test('agrees with the operating system over any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(sha256(text)).toBe(hashed(text));
      }),
    );
  });
});
