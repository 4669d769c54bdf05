import { randomBytes } from 'node:crypto';
import type { Random } from '../ports/random.ts';

/** The kernel's generator for `bytes`; `number` is only good for jitter and choices. */
export function createSystemRandom(): Random {
  return {
    bytes: (length) => new Uint8Array(randomBytes(length)),
    number: () => Math.random(),
  };
}
