import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { entryPath, parseEntryPath } from '../../src/state/keys.ts';

test.each([
  { key: 'current', path: 'leadership.current' },
  { key: 'op-a_1', path: 'leadership.op-a_1' },
  { key: 'a.b*>', path: 'leadership.a=2Eb=2A=3E' },
  { key: '=!ä', path: 'leadership.=3D=21=C3=A4' },
])('the entry $key stands at $path', ({ key, path }) => {
  expect(entryPath('leadership', key)).toBe(path);
  expect(parseEntryPath(path)).toEqual({ kind: 'leadership', key });
});

test('every key comes back as it was, and uses only letters that NATS takes in keys', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), (key) => {
      const path = entryPath('status', key);
      expect(path).toMatch(/^status\.[A-Za-z0-9_=-]+$/);
      expect(parseEntryPath(path)).toEqual({ kind: 'status', key });
    }),
  );
});

describe('what no version we know could have written has no address', () => {
  test.each(['novelty.current', 'spec', 'spec.', 'spec.a.b', 'spec.=2', 'spec.=FF', 'spec.ä', ''])(
    '%j',
    (path) => {
      expect(parseEntryPath(path)).toBeUndefined();
    },
  );
});

test.each([{ key: '' }, { key: 'a'.repeat(201) }])(
  'a key of $key.length letters is refused',
  ({ key }) => {
    expect(() => entryPath('spec', key)).toThrow('must have 1 to 200 characters');
  },
);
