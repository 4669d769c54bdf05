import { expect, test } from '@jest/globals';
import { tellsOfLocalVolumes } from '../../src/state/local-volumes.ts';

test.each([
  { before: false, inUse: true, forMs: 299_999, tells: false },
  { before: false, inUse: true, forMs: 300_000, tells: true },
  { before: true, inUse: false, forMs: 299_999, tells: true },
  { before: true, inUse: false, forMs: 300_000, tells: false },
  { before: true, inUse: true, forMs: 0, tells: true },
  { before: false, inUse: false, forMs: 0, tells: false },
])('who told $before and sees $inUse for $forMs ms tells $tells', ({ before, tells, ...sight }) => {
  expect(tellsOfLocalVolumes(sight, before)).toBe(tells);
});

test.each([true, false])('who sees nothing goes on to tell %s', (before) => {
  expect(tellsOfLocalVolumes(undefined, before)).toBe(before);
});
