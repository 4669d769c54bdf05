const OFFSET_BASIS = 0x811c_9dc5;
const PRIME = 0x0100_0193;

/** Eight hexadecimal digits that tell texts apart in a trace (32-bit FNV-1a); nothing to trust. */
export function digestOf(text: string): string {
  let hash = OFFSET_BASIS;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), PRIME);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
