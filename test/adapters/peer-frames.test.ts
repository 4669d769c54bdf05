import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createFrameReader, encodeFrame, MAX_FRAME_BYTES } from '../../src/adapters/peer-frames.ts';

function header(length: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(length);
  return bytes;
}

const frameOf = (text: string) =>
  Buffer.concat([header(Buffer.byteLength(text)), Buffer.from(text)]);

function errorCode(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
}

describe('peer frames', () => {
  test('bodies arrive whole and in order, however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue({ maxDepth: 5 }), { maxLength: 5 }),
        fc.infiniteStream(fc.nat(40)),
        (bodies, cuts) => {
          const bytes = Buffer.concat(bodies.map(encodeFrame));
          const reader = createFrameReader();
          const received: unknown[] = [];
          for (let offset = 0; offset < bytes.length; ) {
            const size = 1 + (cuts.next().value as number);
            received.push(...reader.push(bytes.subarray(offset, offset + size)));
            offset += size;
          }
          expect(JSON.stringify(received)).toBe(JSON.stringify(bodies));
          expect(reader.isPartial()).toBe(false);
        },
      ),
    );
  });

  test('a frame that has begun is partial until it ends', () => {
    const reader = createFrameReader();
    const frame = frameOf('{}');
    reader.push(frame.subarray(0, 2));
    expect(reader.isPartial()).toBe(true);
    reader.push(frame.subarray(2));
    expect(reader.isPartial()).toBe(false);
  });

  test.each([
    { when: 'it announces a gigabyte', bytes: header(2 ** 30) },
    { when: 'it announces one byte too many', bytes: header(MAX_FRAME_BYTES + 1) },
    { when: 'it is not JSON', bytes: frameOf('{"a":') },
    { when: 'it is empty', bytes: frameOf('') },
    { when: 'it would change prototypes', bytes: frameOf('{"a":[{"__proto__":{"b":1}}]}') },
    { when: 'it is nested too deep', bytes: frameOf(`${'['.repeat(33)}${']'.repeat(33)}`) },
    {
      when: 'it is nested too deep behind brackets in a text',
      bytes: frameOf(`["]]]]]]]]",${'['.repeat(40)}${']'.repeat(40)}]`),
    },
    {
      when: 'it is nested as deep as its size allows',
      bytes: frameOf('['.repeat(MAX_FRAME_BYTES)),
    },
  ])('a frame is refused when $when', ({ bytes }) => {
    expect(errorCode(() => createFrameReader().push(bytes))).toBe('peer.frame');
  });

  test('a frame at the limits is taken', () => {
    const deep = `${'['.repeat(32)}${']'.repeat(32)}`;
    const large = JSON.stringify('x'.repeat(MAX_FRAME_BYTES - 2));
    const reader = createFrameReader();
    expect(
      [...reader.push(frameOf(deep)), ...reader.push(frameOf(large))].map((body) =>
        JSON.stringify(body),
      ),
    ).toEqual([deep, large]);
  });

  test('what is too large is not sent', () => {
    expect(errorCode(() => encodeFrame('x'.repeat(MAX_FRAME_BYTES)))).toBe('peer.frame');
  });
});
