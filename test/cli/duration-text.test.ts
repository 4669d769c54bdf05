import { expect, test } from '@jest/globals';
import { durationText } from '../../src/cli/duration-text.ts';

test.each([
  [-5, '0s'],
  [999, '0s'],
  [42_000, '42s'],
  [190_000, '3m10s'],
  [18_120_000, '5h2m'],
  [356_400_000, '4d3h'],
])('%d ms reads %s', (durationMs, text) => {
  expect(durationText(durationMs)).toBe(text);
});
