import type { Random } from '../ports/random.ts';

const STEP = 0x9e37_79b9;

/**
 * The same seed gives the same stream, so a simulated run can be replayed. Its bytes are guessable:
 * they may name simulated things, never protect real ones.
 */
export function createSeededRandom(seed: number): Random {
  let state = seed >>> 0;

  function next(): number {
    state = (state + STEP) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
    return (mixed ^ (mixed >>> 16)) >>> 0;
  }

  return {
    number: () => next() / 2 ** 32,
    bytes: (length) => Uint8Array.from({ length }, () => next() & 0xff),
  };
}

/** `length` hexadecimal digits. */
export function randomHex(random: Random, length: number): string {
  const digits = Array.from(random.bytes(Math.ceil(length / 2)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  );
  return digits.join('').slice(0, length);
}
