/** Blocks of tar, and places in a header: POSIX.1-1988 ustar. */
export const BLOCK_BYTES = 512;

const NAME = { at: 0, length: 100 };
const MODE = { at: 100, length: 8 };
const SIZE = { at: 124, length: 12 };
const MTIME = { at: 136, length: 12 };
const CHECKSUM = { at: 148, length: 8 };
const TYPE = { at: 156, length: 1 };
const MAGIC = { at: 257, length: 8 };
const PREFIX = { at: 345, length: 155 };

type Field = typeof NAME;

export interface TarHeader {
  /** Without a leading `./`. */
  readonly name: string;
  readonly bytes: number;
}

/** The next entry, of whatever type; `end` for a block of zeros; undefined for what is no header. */
export function parseTarHeader(block: Buffer): TarHeader | 'end' | undefined {
  if (block.every((byte) => byte === 0)) return 'end';
  const size = textIn(block, SIZE).trim();
  if (numberIn(block, CHECKSUM) !== checksumOf(block) || !/^[0-7]+$/.test(size)) return undefined;
  const prefix = textIn(block, PREFIX);
  const path = prefix === '' ? textIn(block, NAME) : `${prefix}/${textIn(block, NAME)}`;
  return { name: path.replace(/^\.\//, ''), bytes: Number.parseInt(size, 8) };
}

/** Of an ordinary file, always the same for the same name and size. */
export function tarHeader(name: string, bytes: number): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  block.write(name, NAME.at, NAME.length, 'latin1');
  block.write('0000644\0', MODE.at, 'latin1');
  block.write(`${octal(bytes, SIZE)}\0`, SIZE.at, 'latin1');
  block.write(`${octal(0, MTIME)}\0`, MTIME.at, 'latin1');
  block.write('0', TYPE.at, 'latin1');
  block.write('ustar\u000000', MAGIC.at, 'latin1');
  block.write(`${checksumOf(block).toString(8).padStart(6, '0')}\0 `, CHECKSUM.at, 'latin1');
  return block;
}

/** How much follows a body, so that the next header begins with a block. */
export function paddingOf(bytes: number): number {
  return (BLOCK_BYTES - (bytes % BLOCK_BYTES)) % BLOCK_BYTES;
}

function textIn(block: Buffer, { at, length }: Field): string {
  const text = block.toString('latin1', at, at + length);
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}

function numberIn(block: Buffer, field: Field): number {
  return Number.parseInt(textIn(block, field).trim(), 8);
}

/** All bytes of the block, with spaces where the sum itself stands. */
function checksumOf(block: Buffer): number {
  const others = block.reduce((sum, byte) => sum + byte, 0);
  const own = block.subarray(CHECKSUM.at, CHECKSUM.at + CHECKSUM.length);
  return own.reduce((sum, byte) => sum - byte + 0x20, others);
}

function octal(value: number, { length }: Field): string {
  return value.toString(8).padStart(length - 1, '0');
}
