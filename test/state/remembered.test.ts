import { expect, test } from '@jest/globals';
import { remembered } from '../../src/state/remembered.ts';

test('each text is computed once, also when the answer is undefined, until too many were', () => {
  const computed: string[] = [];
  const lengthOf = remembered((text) => {
    computed.push(text);
    return text === '' ? undefined : text.length;
  });

  expect(['four', '', 'four', ''].map(lengthOf)).toEqual([4, undefined, 4, undefined]);
  expect(computed).toEqual(['four', '']);

  for (let number = 0; number < 2_000; number += 1) lengthOf(`text ${number}`);
  computed.length = 0;
  expect(lengthOf('four')).toBe(4);
  expect(computed).toEqual(['four']);
});
