import { describe, expect, test } from '@jest/globals';
import { wholeCluster } from '../../../src/simulation/exploration/control-plane/start.ts';
import {
  type ClusterScope,
  clusterSystem,
} from '../../../src/simulation/exploration/control-plane/system.ts';
import { explore } from '../../../src/simulation/exploration/explore.ts';
import { firstIsDemoted, thirdIsAsked } from './starts.ts';

interface Limit {
  readonly what: string;
  readonly scope: Omit<ClusterScope, 'size'>;
  readonly breaks: string;
  readonly steps: readonly string[];
}

// Each is the shortest way there is. One that is gone belongs into control-plane.test.ts.
describe('what the agents do not guard against:', () => {
  test.each<Limit>([
    {
      what: 'an assignment of the first of two leaders, both deposed, counts again for a while',
      scope: { nodes: 2, controlPlanes: 1, faults: { depositions: 2 } },
      breaks: 'goal',
      steps: [
        'leader n1 is deposed, while it gives n2 join-worker by n1',
        'n1 becomes leader',
        'n2 works on its assignment',
        'the late assignment of n2 arrives',
      ],
    },
    {
      what: 'a late change of its role makes everybody forget the role that a node has',
      scope: {
        nodes: 3,
        controlPlanes: 3,
        faults: { depositions: 1 },
        start: wholeCluster(3, 1),
      },
      breaks: 'goal',
      steps: [
        'leader n1 is deposed, while it gives n2 promote by n1',
        'n3 becomes leader',
        'the late assignment of n2 arrives',
      ],
    },
    {
      what: 'a joiner that voted before it told, and is off, counts as no member',
      scope: { nodes: 4, controlPlanes: 3, faults: { crashes: 1 }, start: thirdIsAsked() },
      breaks: 'S20',
      steps: [
        'n3: kubeadm join starts etcd, and the learner is promoted',
        'n3 loses its power',
        'leader n1 finds n3 dead',
        'leader n1 gives n3 retire by n1',
        'leader n1 gives n4 promote by n1',
      ],
    },
    {
      what: 'a demotion that waits for a lost voter keeps that one from being replaced',
      scope: {
        nodes: 3,
        controlPlanes: 1,
        faults: { crashes: 1, wipes: 1 },
        only: ['goal'],
        ids: 'fixed',
        start: firstIsDemoted(),
      },
      breaks: 'goal',
      steps: ['n2 loses its power', 'n2 loses its disk'],
    },
  ])('$what', ({ scope, breaks, steps }) => {
    const { counterexample } = explore(clusterSystem({ ...scope, size: undefined }));
    expect(counterexample?.invariant).toBe(breaks);
    expect(counterexample?.steps.slice(-steps.length)).toEqual(steps);
  });
});
