import { describe, expect, test } from '@jest/globals';
import { mergePatch } from '../../../src/state/kubeadm/merge-patch.ts';

describe('mergePatch', () => {
  test.each<{ what: string; generated: unknown; patch: unknown; merged: unknown }>([
    { what: 'an empty patch', generated: { a: 1 }, patch: {}, merged: { a: 1 } },
    {
      what: 'objects, key by key',
      generated: { a: { b: 1, c: 2 } },
      patch: { a: { c: 3, d: 4 } },
      merged: { a: { b: 1, c: 3, d: 4 } },
    },
    {
      what: 'null, which removes',
      generated: { a: 1, b: 2 },
      patch: { a: null },
      merged: { b: 2 },
    },
    {
      what: 'named things by name',
      generated: {
        args: [
          { name: 'x', value: '1' },
          { name: 'y', value: '2' },
        ],
      },
      patch: {
        args: [
          { name: 'y', value: '3' },
          { name: 'z', value: '4' },
        ],
      },
      merged: {
        args: [
          { name: 'x', value: '1' },
          { name: 'y', value: '3' },
          { name: 'z', value: '4' },
        ],
      },
    },
    {
      what: 'named things without a value, which go',
      generated: { args: [{ name: 'x', value: '1' }] },
      patch: { args: [{ name: 'x', value: null }], more: [{ name: 'y', value: null }] },
      merged: { args: [], more: [] },
    },
    {
      what: 'plain lists, which grow',
      generated: { names: ['a', 'b'] },
      patch: { names: ['b', 'c'] },
      merged: { names: ['a', 'b', 'c'] },
    },
    {
      what: 'another type, which wins',
      generated: { a: [1] },
      patch: { a: 'b' },
      merged: { a: 'b' },
    },
  ])('merges $what', ({ generated, patch, merged }) => {
    expect(mergePatch(generated, patch)).toEqual(merged);
  });

  test('does not reach into prototypes', () => {
    const patch = JSON.parse('{"__proto__": {"polluted": true}}');
    mergePatch({ a: 1 }, patch);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});
