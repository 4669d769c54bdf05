import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type IncomingFile, incomingFile } from '../../../src/adapters/releases/incoming-file.ts';
import { fetchFromPeers } from '../../../src/adapters/releases/peer-files.ts';
import { RetryableError } from '../../../src/errors.ts';
import type { ReleasePeer } from '../../../src/ports/releases.ts';
import { createVirtualClock, type VirtualClock } from '../../../src/simulation/virtual-clock.ts';
import { PART_BYTES, partAskSchema } from '../../../src/state/file-part.ts';
import { temporaryFolders } from '../temporary-folder.ts';
import { bytesOf, sha256 } from './real-world.ts';

const WHOLE = bytesOf('kubelet');
const OTHER = bytesOf('another');
const SUM = sha256(WHOLE);

/** What a node answers to who asks from this byte on, and for the how manieth time. */
type Answer = (offset: number, asked: number) => unknown;

const part = (bytes: Buffer) => ({ state: 'part', base64: bytes.toString('base64') });
const partOf = (file: Buffer) => (offset: number) =>
  part(file.subarray(offset, offset + PART_BYTES));

const right: Answer = partOf(WHOLE);
const liar: Answer = partOf(OTHER);
const absent: Answer = () => ({ state: 'absent' });
const gone: Answer = () => {
  throw new RetryableError('peer.unreachable', 'Nobody is there.');
};
const dies: Answer = (offset, asked) => (asked === 1 ? right(offset, asked) : gone(offset, asked));

const temporaryFolder = temporaryFolders();
let clock: VirtualClock;
let folder: string;
let incoming: IncomingFile;
/** `<node> <offset>` in the order in which they were asked. */
let asked: string[];

beforeEach(async () => {
  clock = createVirtualClock();
  folder = await temporaryFolder();
  const temporary = join(folder, 'incoming');
  incoming = incomingFile({ temporary, path: join(folder, 'kubelet'), sha256: SUM });
  asked = [];
});

/** Asks these nodes, named by their place, in that order. */
async function fetchFrom(...answers: readonly Answer[]): Promise<void> {
  const from = answers.map((_, index): ReleasePeer => {
    return { nodeId: `${index}`, address: `10.0.0.${index}`, port: 1 };
  });
  await fetchFromPeers(
    {
      clock: { ...clock, sleep: async (delayMs) => void asked.push(`slept ${delayMs}`) },
      random: { number: () => 0 },
      channel: {
        async request({ nodeId = '' }, _method, body) {
          const { offset } = partAskSchema.parse(body);
          asked.push(`${nodeId} ${offset}`);
          const times = asked.filter((each) => each.startsWith(`${nodeId} `)).length;
          return { from: nodeId, body: answers[Number(nodeId)]?.(offset, times) };
        },
      },
    },
    {
      name: 'kubelet v1.34.9',
      sha256: SUM,
      bytes: WHOLE.length,
      incoming,
      from,
      onProgress: () => undefined,
    },
  );
}

const fetched = async () => sha256(await readFile(join(folder, 'kubelet')));
const NOT_FETCHED = { code: 'release.nowhere', retryable: true };

describe('a file of a bundle', () => {
  test('comes piece by piece from the first node that has it', async () => {
    await fetchFrom(absent, gone, right);
    expect(await fetched()).toBe(SUM);
    expect(asked).toEqual(['0 0', '1 0', '2 0', `2 ${PART_BYTES}`, `2 ${2 * PART_BYTES}`]);
  });

  test('of which one node gave a part is gone on with at the next', async () => {
    await fetchFrom(dies, right);
    expect(await fetched()).toBe(SUM);
    expect(asked.slice(2)).toEqual([`1 ${PART_BYTES}`, `1 ${2 * PART_BYTES}`]);
  });

  test('that nobody has whole is kept as far as it came, and goes on from there', async () => {
    await expect(fetchFrom(dies, absent)).rejects.toMatchObject(NOT_FETCHED);
    expect(await incoming.size()).toBe(PART_BYTES);
    asked = [];
    await fetchFrom(right);
    expect(asked[0]).toBe(`0 ${PART_BYTES}`);
    expect(await fetched()).toBe(SUM);
  });

  test('of which other bytes came is fetched from an honest node, and from its beginning', async () => {
    await fetchFrom(liar, right);
    expect(await fetched()).toBe(SUM);
    expect(asked[3]).toBe('1 0');
  });

  test('to which a liar added its part is fetched from its beginning by whoever is next', async () => {
    const half: Answer = (offset, times) => (times === 1 ? liar(offset, times) : absent(0, 0));
    await fetchFrom(half, right);
    expect(await fetched()).toBe(SUM);
    expect(asked.filter((each) => each === '1 0')).toHaveLength(1);
  });

  test('of which only other bytes come is refused with both sums, and nothing is kept', async () => {
    await expect(fetchFrom(liar, absent, liar)).rejects.toMatchObject({
      code: 'release.wrong-sum',
      retryable: false,
      message: expect.stringContaining(
        `kubelet v1.34.9 of the node at 10.0.0.0 has the SHA-256 ${sha256(OTHER)} instead of ${SUM}`,
      ),
    });
    expect(await incoming.size()).toBe(0);
  });

  test('is waited for where a node has much to do, but not for ever', async () => {
    const busyAtFirst: Answer = (offset, times) =>
      times < 3 ? { state: 'busy' } : right(offset, times);
    await fetchFrom(busyAtFirst);
    expect(asked.slice(0, 5)).toEqual(['0 0', 'slept 250', '0 0', 'slept 250', '0 0']);
    const busy: Answer = () => ({ state: 'busy' });
    asked = [];
    await incoming.startOver();
    await expect(fetchFrom(busy)).rejects.toMatchObject(NOT_FETCHED);
    expect(asked.filter((each) => each === '0 0')).toHaveLength(40);
  });

  test.each<{ what: string; answer: Answer }>([
    { what: 'one byte at a time', answer: (offset) => part(WHOLE.subarray(offset, offset + 1)) },
    { what: 'nothing', answer: () => part(Buffer.alloc(0)) },
    { what: 'more than was asked for', answer: () => part(Buffer.alloc(PART_BYTES + 3)) },
    { what: 'words', answer: () => 'no' },
    { what: 'what is no base64', answer: () => ({ state: 'part', base64: '???' }) },
  ])('is not taken from a node that sends $what', async ({ answer }) => {
    await expect(fetchFrom(answer)).rejects.toMatchObject(NOT_FETCHED);
    expect([asked, await incoming.size()]).toEqual([['0 0'], 0]);
  });
});
