import { TerminalError } from '../errors.ts';

const HEADER_BYTES = 4;
const MAX_DEPTH = 32;

/** The largest body, in bytes of JSON. */
export const MAX_FRAME_BYTES = 256 * 1024;

/** A 32-bit big-endian length and that much JSON. TerminalError `peer.frame` when it is too large. */
export function encodeFrame(value: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(value));
  if (body.length > MAX_FRAME_BYTES) throw badFrame(`has ${body.length} bytes`);
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32BE(body.length);
  return Buffer.concat([header, body]);
}

export interface FrameReader {
  /**
   * Takes bytes as they come and returns the bodies they complete. TerminalError `peer.frame` for
   * a length over the limit (before anything is set aside for it), JSON that is none, is nested
   * deeper than 32 levels or has a key `__proto__`: nothing after it can be trusted.
   */
  push(chunk: Buffer): readonly unknown[];
  /** True while a frame has begun and not ended. */
  isPartial(): boolean;
}

export function createFrameReader(): FrameReader {
  let chunks: Buffer[] = [];
  let received = 0;
  let wanted = HEADER_BYTES;

  function take(): unknown[] {
    const bodies: unknown[] = [];
    let bytes = Buffer.concat(chunks);
    while (bytes.length >= wanted) {
      wanted = HEADER_BYTES + frameLength(bytes);
      if (bytes.length < wanted) break;
      bodies.push(parseBody(bytes.subarray(HEADER_BYTES, wanted)));
      bytes = bytes.subarray(wanted);
      wanted = HEADER_BYTES;
    }
    chunks = [bytes];
    received = bytes.length;
    return bodies;
  }

  return {
    push(chunk) {
      chunks.push(chunk);
      received += chunk.length;
      return received < wanted ? [] : take();
    },
    isPartial: () => received > 0,
  };
}

function frameLength(bytes: Buffer): number {
  const length = bytes.readUInt32BE();
  if (length > MAX_FRAME_BYTES) throw badFrame(`announces ${length} bytes`);
  return length;
}

function parseBody(bytes: Buffer): unknown {
  try {
    const body: unknown = JSON.parse(bytes.toString());
    assertHarmless(body, 1);
    return body;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw badFrame('is not JSON', { cause });
  }
}

function assertHarmless(value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth > MAX_DEPTH) throw badFrame(`is nested deeper than ${MAX_DEPTH} levels`);
  for (const [key, child] of Object.entries(value)) {
    if (key === '__proto__') throw badFrame('has a key __proto__');
    assertHarmless(child, depth + 1);
  }
}

function badFrame(what: string, options?: ErrorOptions): TerminalError {
  return new TerminalError(
    'peer.frame',
    `A message of a peer ${what}, and may have ${MAX_FRAME_BYTES} bytes and ${MAX_DEPTH} levels: find out who sent it if it comes again.`,
    options,
  );
}
