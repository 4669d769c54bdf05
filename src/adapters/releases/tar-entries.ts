import { BLOCK_BYTES, paddingOf, parseTarHeader, type TarHeader } from './tar-header.ts';

export interface TarEntry extends TarHeader {
  /** Read it before the next entry is asked for; what is left of it is passed over. */
  readonly body: AsyncIterable<Buffer>;
}

/** What to throw when an archive is damaged. */
type Fail = (why: string) => Error;

/** The entries of an archive in their order, read piece by piece. */
export async function* tarEntries(
  source: AsyncIterable<Buffer>,
  fail: Fail,
): AsyncGenerator<TarEntry> {
  const bytes = createByteReader(source, fail);
  for (;;) {
    const header = parseTarHeader(await bytes.exactly(BLOCK_BYTES));
    if (header === 'end') return;
    if (header === undefined) throw fail('it is no plain tar archive');
    const left = { bytes: header.bytes };
    yield { ...header, body: piecesOf(bytes, left) };
    // Whoever broke off reading has ended that iterator, but not the body.
    for await (const _rest of piecesOf(bytes, left));
    await bytes.exactly(paddingOf(header.bytes));
  }
}

interface ByteReader {
  /** The next piece, of at least one and at most `most` bytes. */
  upTo(most: number): Promise<Buffer>;
  /** For short ones. */
  exactly(length: number): Promise<Buffer>;
}

function createByteReader(source: AsyncIterable<Buffer>, fail: Fail): ByteReader {
  const pieces = source[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);

  async function upTo(most: number): Promise<Buffer> {
    while (rest.length === 0) {
      const next = await pieces.next();
      if (next.done) throw fail('it ends too early');
      rest = next.value;
    }
    const piece = rest.subarray(0, most);
    rest = rest.subarray(piece.length);
    return piece;
  }

  return {
    upTo,
    async exactly(length) {
      const parts: Buffer[] = [];
      for (let missing = length; missing > 0; ) {
        const part = await upTo(missing);
        parts.push(part);
        missing -= part.length;
      }
      return Buffer.concat(parts);
    },
  };
}

async function* piecesOf(reader: ByteReader, left: { bytes: number }): AsyncGenerator<Buffer> {
  while (left.bytes > 0) {
    const piece = await reader.upTo(left.bytes);
    left.bytes -= piece.length;
    yield piece;
  }
}
