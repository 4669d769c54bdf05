const DIGITS = 64;
const PRIME = 0x0100_0193;
const BASIS = 0x811c_9dc5;

/**
 * Stands where a SHA-256 would: as many hexadecimal digits, the same for the same text (FNV-1a, once
 * for every eight digits). It protects nothing.
 */
export function simulatedDigest(text: string): string {
  let digest = '';
  for (let round = 0; digest.length < DIGITS; round += 1) {
    let hash = BASIS ^ round;
    for (let index = 0; index < text.length; index += 1) {
      hash = Math.imul(hash ^ text.charCodeAt(index), PRIME);
    }
    digest += (hash >>> 0).toString(16).padStart(8, '0');
  }
  return digest;
}
