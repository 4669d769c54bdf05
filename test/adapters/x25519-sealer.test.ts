import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { createX25519Sealer } from '../../src/adapters/x25519-sealer.ts';
import { type Sealed, sealedSchema } from '../../src/state/handover.ts';

const SECRET = 'käse\n-----BEGIN EC PRIVATE KEY-----\n';

function party() {
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  return { sealer: createX25519Sealer(privateKey), key: rawBase64(publicKey) };
}

function rawBase64(key: KeyObject): string {
  return key.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
}

function flipBit(base64: string, bit: number): string {
  const bytes = Buffer.from(base64, 'base64');
  bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
  return bytes.toString('base64');
}

const foreign = expect.objectContaining({ code: 'seal.foreign', retryable: false });

describe('x25519 sealer', () => {
  test('the recipient reads what was sealed to its key, and the log admits the box', () => {
    const [sponsor, newcomer] = [party(), party()];
    const sealed = sponsor.sealer.seal(newcomer.key, SECRET);
    expect(newcomer.sealer.open(sealed)).toBe(SECRET);
    expect(sealedSchema.parse(sealed)).toEqual(sealed);
  });

  test('nobody else reads it, not even who sealed it', () => {
    const [sponsor, newcomer] = [party(), party()];
    const sealed = sponsor.sealer.seal(newcomer.key, SECRET);
    expect(() => sponsor.sealer.open(sealed)).toThrow(foreign);
    expect(() => party().sealer.open(sealed)).toThrow(foreign);
  });

  test('two boxes of one text have nothing in common', () => {
    const [sponsor, newcomer] = [party(), party()];
    const [first, second] = [1, 2].map(() => sponsor.sealer.seal(newcomer.key, SECRET));
    expect(first?.ephemeralKey).not.toBe(second?.ephemeralKey);
    expect(first?.ciphertext).not.toBe(second?.ciphertext);
  });

  test.each(['ephemeralKey', 'nonce', 'ciphertext'] as const)(
    'a box with any one bit of its %s flipped does not open',
    (field: keyof Sealed) => {
      const [sponsor, newcomer] = [party(), party()];
      const sealed = sponsor.sealer.seal(newcomer.key, 'short');
      const bits = Buffer.from(sealed[field], 'base64').length * 8;
      for (let bit = 0; bit < bits; bit += 1) {
        const altered = { ...sealed, [field]: flipBit(sealed[field], bit) };
        expect(() => newcomer.sealer.open(altered)).toThrow(foreign);
      }
    },
  );

  test.each([
    { ephemeralKey: '', nonce: '', ciphertext: '' },
    { ephemeralKey: 'AAAA', nonce: 'AAAA', ciphertext: 'AAAA' },
    { ephemeralKey: Buffer.alloc(32).toString('base64'), nonce: '', ciphertext: '' },
  ])('what is no box at all does not open: %j', (sealed) => {
    expect(() => party().sealer.open(sealed)).toThrow(foreign);
  });

  test('what is no X25519 key is refused before anything is sealed to it', () => {
    expect(() => party().sealer.seal('AAAA', SECRET)).toThrow(
      expect.objectContaining({ code: 'seal.bad-key' }),
    );
  });

  test('the largest text the log admits is sealed, one byte more is refused', () => {
    const [sponsor, newcomer] = [party(), party()];
    const largest = 'x'.repeat(149_984);
    const sealed = sealedSchema.parse(sponsor.sealer.seal(newcomer.key, largest));
    expect(newcomer.sealer.open(sealed)).toBe(largest);
    expect(() => sponsor.sealer.seal(newcomer.key, `${largest}x`)).toThrow(
      expect.objectContaining({ code: 'seal.too-large' }),
    );
  });
});
