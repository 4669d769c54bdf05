/** Just enough of DER (X.690) to write a certificate. */

/** One element: a tag and what stands in it. */
export function der(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag]), lengthOf(body.length), body]);
}

export function sequence(...content: readonly Uint8Array[]): Buffer {
  return der(0x30, ...content);
}

export function set(...content: readonly Uint8Array[]): Buffer {
  return der(0x31, ...content);
}

/** A positive INTEGER from big-endian bytes, in the one shortest form that DER allows. */
export function integer(bytes: Uint8Array): Buffer {
  const firstDigit = bytes.findIndex((byte) => byte !== 0);
  const digits = firstDigit < 0 ? Buffer.from([0]) : bytes.subarray(firstDigit);
  const looksNegative = ((digits[0] ?? 0) & 0x80) !== 0;
  return looksNegative ? der(0x02, Buffer.from([0]), digits) : der(0x02, digits);
}

export function octetString(bytes: Uint8Array): Buffer {
  return der(0x04, bytes);
}

export function bitString(bytes: Uint8Array, unusedBits: number): Buffer {
  return der(0x03, Buffer.from([unusedBits]), bytes);
}

export function utf8String(text: string): Buffer {
  return der(0x0c, Buffer.from(text));
}

export const TRUE = der(0x01, Buffer.from([0xff]));

/** An OBJECT IDENTIFIER in dotted notation, whose parts are all below 16,384. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = rest.flatMap((part) => (part < 128 ? [part] : [0x80 | (part >> 7), part & 0x7f]));
  return der(0x06, Buffer.from([40 * first + second, ...bytes]));
}

/** UTCTime up to 2049, GeneralizedTime from then on, as RFC 5280 section 4.1.2.5 wants it. */
export function time(wallMs: number): Buffer {
  const digits = new Date(wallMs).toISOString().replace(/[-:T]|\.\d+/g, '');
  const isUtcTime = Number(digits.slice(0, 4)) < 2050;
  return isUtcTime ? der(0x17, Buffer.from(digits.slice(2))) : der(0x18, Buffer.from(digits));
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  if (length < 0x100) return Buffer.from([0x81, length]);
  return Buffer.from([0x82, length >> 8, length & 0xff]);
}
