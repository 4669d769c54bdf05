import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from '../../src/state/canonical-json.ts';
import { sameValue } from '../../src/state/same-value.ts';

describe('sameValue', () => {
  test.each<{ what: string; left: unknown; right: unknown; same: boolean }>([
    {
      what: 'fields in another order',
      left: { a: 1, b: [2] },
      right: { b: [2], a: 1 },
      same: true,
    },
    { what: 'a field that is undefined', left: { a: undefined }, right: {}, same: true },
    {
      what: 'a field of another value',
      left: { a: { b: 1 } },
      right: { a: { b: 2 } },
      same: false,
    },
    { what: 'a field more', left: {}, right: { a: null }, same: false },
    { what: 'an inherited field', left: {}, right: { toString: 1 }, same: false },
    { what: 'elements in another order', left: [1, 2], right: [2, 1], same: false },
    { what: 'an element more', left: [1], right: [1, 2], same: false },
    { what: 'a list and an object', left: ['a'], right: { 0: 'a' }, same: false },
    { what: 'nothing', left: undefined, right: { a: 1 }, same: false },
    { what: 'null', left: null, right: {}, same: false },
  ])('with $what is $same, both ways', ({ left, right, same }) => {
    expect([sameValue(left, right), sameValue(right, left)]).toEqual([same, same]);
  });

  test('says of any two values what their canonical text says', () => {
    const shape = fc.letrec((tie) => ({
      value: fc.oneof(
        fc.constantFrom(null, 0, 1, '', 'a'),
        fc.array(tie('value'), { maxLength: 2 }),
        fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), tie('value'), { maxKeys: 2 }),
      ),
    }));
    fc.assert(
      fc.property(shape.value, shape.value, (left, right) => {
        expect(sameValue(left, right)).toBe(canonicalJson(left) === canonicalJson(right));
      }),
    );
  });
});
