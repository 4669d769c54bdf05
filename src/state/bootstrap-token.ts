/** Every bootstrap token of civitas has a description that starts so; no other is ever touched. */
export const TOKEN_DESCRIPTION_PREFIX = 'civitas ';

/** A token serves one join and lives no longer, even when nobody is left to delete it (S23). */
export const TOKEN_LIFETIME_MS = 15 * 60_000;

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';
const ID_LENGTH = 6;
const TOKEN_LENGTH = ID_LENGTH + 16;
/** Bytes from here on are dropped, or the first letters would be drawn more often. */
const FAIR_BYTES = 256 - (256 % ALPHABET.length);

/** A new token `[a-z0-9]{6}.[a-z0-9]{16}`; `randomBytes` must be cryptographically strong. */
export function newBootstrapToken(randomBytes: (length: number) => Uint8Array): string {
  let letters = '';
  while (letters.length < TOKEN_LENGTH) {
    const fair = randomBytes(TOKEN_LENGTH).filter((byte) => byte < FAIR_BYTES);
    letters += Array.from(fair, (byte) => ALPHABET[byte % ALPHABET.length]).join('');
  }
  return `${letters.slice(0, ID_LENGTH)}.${letters.slice(ID_LENGTH, TOKEN_LENGTH)}`;
}

/** The public half: it names the Secret. */
export function bootstrapTokenId(token: string): string {
  return token.slice(0, ID_LENGTH);
}
