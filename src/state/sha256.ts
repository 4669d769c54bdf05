const BLOCK_BYTES = 64;
const LENGTH_BYTES = 8;
const ROUNDS = 64;
const WORD = 0x1_0000_0000;

const PRIMES = firstPrimes(ROUNDS);
/** FIPS 180-4: the first bits of the fractions of the roots of the first primes. */
const START = PRIMES.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
const CONSTANTS = PRIMES.map((prime) => fraction(Math.cbrt(prime)));

/**
 * SHA-256 of a text's UTF-8, in hexadecimal: for what is pure and can not ask the operating system. Not
 * for secrets, and not for much: it is slow.
 */
export function sha256(text: string): string {
  const bytes = padded(new TextEncoder().encode(text));
  let state: readonly number[] = START;
  for (let offset = 0; offset < bytes.length; offset += BLOCK_BYTES) {
    state = afterBlock(state, scheduleOf(new DataView(bytes.buffer, offset, BLOCK_BYTES)));
  }
  return state.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

function padded(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const blocks = Math.ceil((message.length + 1 + LENGTH_BYTES) / BLOCK_BYTES);
  const bytes = new Uint8Array(blocks * BLOCK_BYTES);
  bytes.set(message);
  bytes[message.length] = 0x80;
  const bits = BigInt(message.length) * 8n;
  new DataView(bytes.buffer).setBigUint64(bytes.length - LENGTH_BYTES, bits);
  return bytes;
}

function scheduleOf(block: DataView): Int32Array {
  const words = new Int32Array(ROUNDS);
  for (let index = 0; index < 16; index += 1) words[index] = block.getInt32(index * 4);
  for (let index = 16; index < ROUNDS; index += 1) {
    const [old = 0, early = 0] = [words[index - 16], words[index - 15]];
    const [middle = 0, late = 0] = [words[index - 7], words[index - 2]];
    const early0 = turn(early, 7) ^ turn(early, 18) ^ (early >>> 3);
    const late1 = turn(late, 17) ^ turn(late, 19) ^ (late >>> 10);
    words[index] = old + early0 + middle + late1;
  }
  return words;
}

function afterBlock(state: readonly number[], words: Int32Array): readonly number[] {
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let round = 0; round < ROUNDS; round += 1) {
    const sum1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const choice = (e & f) ^ (~e & g);
    const added = h + sum1 + choice + (CONSTANTS[round] ?? 0) + (words[round] ?? 0);
    const sum0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + added) | 0, c, b, a, (added + sum0 + majority) | 0];
  }
  const after = [a, b, c, d, e, f, g, h];
  return state.map((word, index) => (word + (after[index] ?? 0)) | 0);
}

function turn(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

function fraction(root: number): number {
  return Math.floor((root - Math.floor(root)) * WORD) | 0;
}

function firstPrimes(count: number): readonly number[] {
  const primes: number[] = [];
  for (let candidate = 2; primes.length < count; candidate += 1) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  }
  return primes;
}
