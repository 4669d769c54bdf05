import { describe, expect, test } from '@jest/globals';
import { nextSnapshotName, outdatedSnapshots } from '../../src/state/etcd-snapshot-name.ts';

const [ONE, TWO, THREE, FOUR] = ['a', 'b', 'c', 'd'].map(
  (why, index) => `etcd-00000${index + 1}-${why}.db`,
) as [string, string, string, string];

describe('snapshots of etcd', () => {
  test.each([
    [[], 'etcd-000001-why.db'],
    [[THREE, ONE], 'etcd-000004-why.db'],
    [['etcd-000009-why.db', 'etcd-000009-why.db.part', 'other'], 'etcd-000010-why.db'],
  ])('after %j is %s', (names, expected) => {
    expect(nextSnapshotName(names, 'why')).toBe(expected);
  });

  test.each([
    ['three are kept', [ONE, TWO, THREE], []],
    ['the oldest of four goes', [ONE, TWO, THREE, FOUR], [ONE]],
    ['an earlier one of the same cause goes', [ONE, 'etcd-000009-a.db'], [ONE]],
    [
      'no cause takes the place of others',
      [ONE, TWO, 'etcd-000003-c.db', 'etcd-000004-c.db', 'etcd-000005-c.db'],
      ['etcd-000003-c.db', 'etcd-000004-c.db'],
    ],
    ['what is half written goes', ['etcd-000001-a.db.part'], ['etcd-000001-a.db.part']],
    ['what is not ours stays', ['mine.db', 'notes'], []],
  ])('%s', (_, names, expected) => {
    expect(outdatedSnapshots(names)).toEqual(expected);
  });
});
