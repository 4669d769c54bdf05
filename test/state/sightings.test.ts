import { expect, test } from '@jest/globals';
import { seenForMs, withSightings } from '../../src/state/sightings.ts';

test('time runs while a thing is seen, and starts anew after a break', () => {
  const first = withSightings(new Map(), ['a'], 100);
  const second = withSightings(first, ['a', 'b'], 150);
  expect(seenForMs(second, 'a', 160)).toBe(60);
  expect(seenForMs(second, 'b', 160)).toBe(10);

  const gone = withSightings(second, ['b'], 170);
  const back = withSightings(gone, ['a', 'b'], 200);
  expect(seenForMs(back, 'a', 200)).toBe(0);
  expect(seenForMs(back, 'never', 200)).toBe(0);
});
