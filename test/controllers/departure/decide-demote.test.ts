import { describe, expect, test } from '@jest/globals';
import type { ClusterSight, Departing } from '../../../src/controllers/departure/observed.ts';
import {
  cordoned,
  course,
  demoted,
  MARKS,
  nodeSight,
  pod,
  three,
  threeOneDead,
  two,
} from './sights.ts';

describe('a node that is demoted', () => {
  const marked = nodeSight({ marks: { unschedulable: false, ...MARKS } });
  const shed = nodeSight({ pods: [pod] });

  test.each<[string, Departing, ClusterSight, readonly string[], boolean]>([
    [
      'its member goes first',
      demoted,
      { health: three, node: marked },
      ['save-snapshot', 'remove-member'],
      false,
    ],
    ['its marks go', demoted, { health: two, node: marked }, ['unmark-control-plane'], false],
    ['is done, its pods untouched', demoted, { health: two, node: shed }, [], true],
    [
      'takes pods again after a cordon of ours',
      demoted,
      { health: three, node: nodeSight({ marks: cordoned }) },
      ['uncordon'],
      false,
    ],
    [
      'stays cordoned by people',
      demoted,
      { health: two, node: nodeSight({ marks: { ...cordoned, labels: {} } }) },
      [],
      true,
    ],
    [
      'waits while it does not live',
      { ...demoted, life: 'dead' },
      { health: threeOneDead, node: marked },
      ['wait: liveness'],
      false,
    ],
  ])('%s', (_, of, cluster, steps, done) => {
    expect(course(of, cluster)).toMatchObject({ steps, done });
  });
});
