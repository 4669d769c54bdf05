import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/**
 * A program: floods the multicast DNS group of the loopback with packets that are forged, cut off
 * or no DNS at all, from many addresses, and prints how many it sent.
 */
const [PACKETS_PER_SECOND = 0, SECONDS = 0] = process.argv.slice(2).map(Number);
const GROUP = '224.0.0.251';
const PORT = 5353;
const SOURCES = 32;
const STEP_MS = 10;

const HEADER = Buffer.from('000084000000000100000000', 'hex');
const SERVICE = name('_civitas', '_tcp', 'local');

/** Labels as RFC 1035 section 3.1 writes them. */
function name(...labels: readonly string[]): Buffer {
  const parts = labels.map((label) => Buffer.from(`${String.fromCharCode(label.length)}${label}`));
  return Buffer.concat([...parts, Buffer.from([0])]);
}

/** One record of class IN that lives for two minutes. */
function record(owner: Buffer, type: number, data: Buffer): Buffer {
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(type, 0);
  fixed.writeUInt16BE(1, 2);
  fixed.writeUInt32BE(120, 4);
  fixed.writeUInt16BE(data.length, 8);
  return Buffer.concat([HEADER, owner, fixed, data]);
}

/** A node that does not exist: anybody may announce one, and only its tag gives it away. */
function forged(round: number): Buffer {
  const owner = name(round.toString(16).padStart(16, '0'), '_civitas', '_tcp', 'local');
  const texts = ['v=1', `p=${1 + (round % 65_535)}`, `s=${round}`, `h=${'0'.repeat(32)}`];
  const data = texts.map((text) => Buffer.from(`${String.fromCharCode(text.length)}${text}`));
  return record(owner, 16, Buffer.concat(data));
}

const KINDS: readonly ((round: number) => Buffer)[] = [
  forged,
  (round) => forged(round).subarray(0, 12 + (round % 60)),
  (round) => Buffer.alloc(1 + (round % 1_400), round),
  () => Buffer.concat([Buffer.from('000084000000ffffffffffff', 'hex'), SERVICE]),
  // A name that is a pointer to itself.
  () => record(Buffer.from('c00c', 'hex'), 16, Buffer.from('c00c', 'hex')),
  // A text that says it is longer than its record.
  () => record(SERVICE, 16, Buffer.from([255, 1])),
  (round) => record(SERVICE, round % 256, Buffer.alloc(round % 300, 0xc0)),
  () => Buffer.alloc(8_999, 0xff),
];

async function openSocket(index: number): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(0, `127.0.77.${index + 1}`);
  await once(socket, 'listening');
  socket.setMulticastInterface('127.0.0.1');
  // A packet that the kernel does not take is not worth a word.
  socket.on('error', () => undefined);
  return socket;
}

const sockets = await Promise.all(Array.from({ length: SOURCES }, (_, index) => openSocket(index)));
const sinceMs = performance.now();
let sent = 0;

function sendDue(): void {
  const elapsedMs = Math.min(performance.now() - sinceMs, SECONDS * 1_000);
  for (; sent < (elapsedMs * PACKETS_PER_SECOND) / 1_000; sent += 1) {
    const packet = KINDS[sent % KINDS.length]?.(sent);
    if (packet) sockets[sent % SOURCES]?.send(packet, PORT, GROUP);
  }
  if (elapsedMs < SECONDS * 1_000) {
    setTimeout(sendDue, STEP_MS);
    return;
  }
  process.stdout.write(`${sent}\n`);
  for (const socket of sockets) socket.close();
}

sendDue();
