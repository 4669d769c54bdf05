import { expect, test } from '@jest/globals';
import { removedGates, withoutRemovedGates } from '../../src/state/removed-gates.ts';

const both = { EtcdLearnerMode: true, RootlessControlPlane: false };

test.each([
  { minor: 32, removed: [], left: { kind: 'X', featureGates: both } },
  {
    minor: 33,
    removed: ['EtcdLearnerMode'],
    left: { kind: 'X', featureGates: { RootlessControlPlane: false } },
  },
])('kubeadm 1.$minor does not know $removed', ({ minor, removed, left }) => {
  const configuration = { kind: 'X', featureGates: both };
  expect(removedGates(configuration, minor)).toEqual(removed);
  expect(withoutRemovedGates(configuration, minor)).toEqual(left);
});

test('what has no gates left has no field of them either, and what has none stays as it is', () => {
  const configuration = { kind: 'X', featureGates: { EtcdLearnerMode: true } };
  expect(withoutRemovedGates(configuration, 34)).toEqual({ kind: 'X' });
  expect(withoutRemovedGates({ kind: 'X' }, 34)).toEqual({ kind: 'X' });
});
