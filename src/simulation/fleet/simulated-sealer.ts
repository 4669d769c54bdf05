import { TerminalError } from '../../errors.ts';
import type { Sealer } from '../../ports/sealer.ts';
import { createSeededRandom } from '../seeded-random.ts';
import { digestOf } from '../trace/digest.ts';

/**
 * Boxes that only the node with this key opens, and that show nothing of what is in them, as long as
 * nobody tries: a stream of the key's digest, and no cryptography.
 */
export function createSimulatedSealer(ownKey: string): Sealer {
  return {
    seal: (recipientKey, plaintext) => ({
      ephemeralKey: digestOf(recipientKey),
      nonce: digestOf(plaintext),
      ciphertext: toBase64(scramble(recipientKey, new TextEncoder().encode(plaintext))),
    }),
    open: ({ ephemeralKey, nonce, ciphertext }) => {
      const plaintext = new TextDecoder().decode(scramble(ownKey, fromBase64(ciphertext)));
      if (ephemeralKey === digestOf(ownKey) && nonce === digestOf(plaintext)) return plaintext;
      throw new TerminalError(
        'seal.foreign',
        'The sealed box was made for another node: its sponsor has to seal it again.',
      );
    },
  };
}

function scramble(key: string, bytes: Uint8Array): Uint8Array {
  const stream = createSeededRandom(Number.parseInt(digestOf(key), 16)).bytes(bytes.length);
  return bytes.map((byte, index) => byte ^ (stream[index] ?? 0));
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
