import { expect, test } from '@jest/globals';
import { type Distance, distanceClass, distanceOf } from '../../src/state/distance.ts';

test.each<[Distance, number, Distance]>([
  ['near', 0, 'near'],
  ['near', 11.9, 'near'],
  ['near', 12, 'far'],
  ['near', 59.9, 'far'],
  ['near', 60, 'remote'],
  ['far', 8, 'far'],
  ['far', 7.9, 'near'],
  ['far', 59.9, 'far'],
  ['far', 60, 'remote'],
  ['remote', 40, 'remote'],
  ['remote', 39.9, 'far'],
  ['remote', 7.9, 'near'],
])('who was %s and needs %d ms is %s', (before, roundTripMs, distance) => {
  expect(distanceOf(roundTripMs, before)).toBe(distance);
});

test('nobody has told of most nodes, and they are near', () => {
  const told = [{}, { distance: 'near' }, { distance: 'far' }, { distance: 'remote' }] as const;
  expect(told.map(distanceClass)).toEqual([0, 0, 1, 2]);
});
