import { describe, expect, test } from '@jest/globals';
import {
  type ClusterScope,
  clusterSystem,
} from '../../../src/simulation/exploration/control-plane/system.ts';
import { explore } from '../../../src/simulation/exploration/explore.ts';

interface Limit {
  readonly what: string;
  readonly scope: Omit<ClusterScope, 'size'>;
  readonly breaks: string;
  readonly steps: readonly string[];
}

/**
 * Each is the shortest way there is. One that is gone belongs into control-plane.test.ts.
 *
 * Why this one stays: a log whose leader was deposed twice tells of the last term alone, so nobody can
 * see that another one lay between the late assignment and its writer's. No decision mends that: the entry
 * `leadership` would have to name the terms before its own, and agents of an earlier release refuse an
 * entry with a field that they do not know. What may come of it is bounded (fencing.ts): etcd takes one
 * learner at a time, a node that serves refuses to join anew, and `init` is recorded once.
 */
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
  ])('$what', ({ scope, breaks, steps }) => {
    const { counterexample } = explore(clusterSystem({ ...scope, size: undefined }));
    expect(counterexample?.invariant).toBe(breaks);
    expect(counterexample?.steps.slice(-steps.length)).toEqual(steps);
  });
});
