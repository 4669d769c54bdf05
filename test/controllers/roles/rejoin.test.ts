import { describe, expect, test } from '@jest/globals';
import { decide, type Observed } from '../../../src/controllers/roles/decide.ts';
import type { Assignment } from '../../../src/state/assignment.ts';
import type { ClusterSpec } from '../../../src/state/cluster-spec.ts';
import { USUAL_RETRY } from '../../../src/state/join-retry.ts';
import type { Release } from '../../../src/state/release.ts';
import {
  assignment,
  controlPlaneAssignment,
  id,
  initAssignment,
  served,
  status,
} from '../../support/controllers-entries.ts';
import { cluster, type NodeInCluster, TERM } from '../../support/controllers-roles.ts';
import { departed, retirement, upgrades } from '../../support/leaving-nodes.ts';
import { told } from '../../support/told-decisions.ts';

const replacement = {
  graceSeconds: 60,
  policy: 'auto',
  promotion: 'rejoin',
  retry: USUAL_RETRY,
} as const satisfies ClusterSpec['replacement'];
const rejoins = { replacement };

const done = (asked: Assignment): NodeInCluster => ({ assignment: asked, status: served(asked) });
const [first, second] = [done(initAssignment(1)), done(controlPlaneAssignment(2))];
const worker = (number: number) => done(assignment(number));
const free: NodeInCluster = {};

/** On its way out of Kubernetes; `spare`: its host is clean. */
function retired(number: number, phase: 'installing' | 'spare'): NodeInCluster {
  const asked = retirement(number);
  const { operationId } = asked;
  return { assignment: asked, status: status(number, { phase, operationId, role: 'spare' }) };
}

interface Row {
  readonly when: string;
  readonly observed: Observed;
  readonly told: readonly string[];
}

const upgrading: Release = {
  term: TERM,
  controlPlane: 'v1.35.1',
  kubelet: 'v1.34.4',
  heldBy: 'upgrade-v1-35-1-9',
};
const twoOfThree = [first, second, worker(3), worker(4)];

const rows: readonly Row[] = [
  {
    when: 'the spec wants it in place',
    observed: cluster(twoOfThree),
    told: ['promote n3 by n1'],
  },
  {
    when: 'the spec wants it to join anew',
    observed: cluster(twoOfThree, rejoins),
    told: ['retire n3 by n1'],
  },
  {
    when: 'the release is none for which it was proven in place',
    observed: { ...cluster(twoOfThree), release: { ...upgrading, heldBy: null } },
    told: ['retire n3 by n1'],
  },
  {
    when: 'a newcomer can be it',
    observed: cluster([...twoOfThree, free], rejoins),
    told: ['join-control-plane n5 by n1'],
  },
  {
    when: 'a worker is drained for it',
    observed: cluster([first, second, retired(3, 'installing'), worker(4)], rejoins),
    told: ['waits for one-change'],
  },
  {
    when: 'the host of that worker is cleaned',
    observed: {
      ...cluster([first, second, retired(3, 'installing'), worker(4)], rejoins),
      departures: [departed(3)],
    },
    told: ['waits for one-change'],
  },
  {
    when: 'that worker died meanwhile',
    observed: {
      ...cluster(
        [first, second, { ...retired(3, 'installing'), verdict: 'dead' }, worker(4)],
        rejoins,
      ),
      departures: [departed(3)],
    },
    told: ['retire n4 by n1'],
  },
  {
    when: 'its host is clean',
    observed: {
      ...cluster([first, second, retired(3, 'spare'), worker(4)], rejoins),
      departures: [departed(3)],
    },
    told: ['join-control-plane n3 by n1'],
  },
  {
    when: 'its host is clean, and people want it in place by now',
    observed: {
      ...cluster([first, second, retired(3, 'spare'), worker(4)]),
      departures: [departed(3)],
    },
    told: ['join-control-plane n3 by n1'],
  },
  {
    when: 'its host is clean while newcomers have to wait for a rollout',
    observed: {
      ...cluster([first, second, retired(3, 'spare'), worker(4)]),
      departures: [departed(3)],
      release: upgrading,
    },
    told: ['join-control-plane n3 by n1'],
  },
  {
    when: 'one of a pair is ready',
    observed: {
      ...cluster([first, retired(2, 'spare'), worker(3)], rejoins),
      departures: [departed(2)],
    },
    told: ['retire n3 by n1'],
  },
  {
    when: 'both of a pair are ready',
    observed: {
      ...cluster([first, retired(2, 'spare'), retired(3, 'spare')], rejoins),
      departures: [departed(2), departed(3)],
    },
    told: ['join-control-plane n2 by n1'],
  },
  {
    when: 'only one worker is there for a pair',
    observed: cluster([first, worker(2)], rejoins),
    told: ['waits for more-nodes'],
  },
  {
    when: 'another worker is upgraded at that moment',
    observed: {
      ...cluster(twoOfThree, rejoins),
      orders: [upgrades(4)],
    },
    told: ['waits for one-change'],
  },
  {
    when: 'as many control planes serve as are wanted',
    observed: cluster([first, second, done(controlPlaneAssignment(3)), worker(4)], rejoins),
    told: [],
  },
];

/** What the guard goes by is hidden, and the leader does what it must not do. */
const mutants: readonly (Row & { readonly blind: (observed: Observed) => Observed })[] = [
  {
    when: 'who leaves already is not seen',
    observed: cluster([first, second, retired(3, 'installing'), worker(4)], rejoins),
    blind: (observed) => ({
      ...observed,
      nodes: observed.nodes.filter(({ key }) => key !== id(3)),
    }),
    told: ['retire n4 by n1'],
  },
  {
    when: 'who is cleaned is taken for dead',
    observed: {
      ...cluster([first, second, retired(3, 'installing'), worker(4)], rejoins),
      departures: [departed(3)],
    },
    blind: (observed) => ({
      ...observed,
      livenesses: observed.livenesses.filter(({ key }) => key !== id(3)),
    }),
    told: ['retire n4 by n1'],
  },
  {
    when: 'nobody asks who is out of service',
    observed: { ...cluster(twoOfThree, rejoins), orders: [upgrades(4)] },
    blind: (observed) => ({ ...observed, orders: [] }),
    told: ['retire n3 by n1'],
  },
  {
    when: 'nobody asks whether all control planes are whole',
    observed: cluster([first, { ...second, verdict: 'suspect' }, worker(3), worker(4)], rejoins),
    blind: (observed) => ({
      ...observed,
      livenesses: observed.livenesses.map((each) => {
        return { ...each, value: { ...each.value, verdict: 'alive' as const } };
      }),
    }),
    told: ['retire n3 by n1'],
  },
];

describe('a place of a control plane that a worker takes', () => {
  test.each(rows)('$when', (row) => {
    expect(told(decide(row.observed))).toEqual(row.told);
  });

  test.each(mutants)('is left alone, but not where $when', (mutant) => {
    const asked = (observed: Observed) =>
      told(decide(observed)).filter((line) => !line.startsWith('waits'));
    expect(asked(mutant.observed)).toEqual([]);
    expect(asked(mutant.blind(mutant.observed))).toEqual(mutant.told);
  });

  test('it is told why the worker is emptied', () => {
    const [action] = decide(cluster(twoOfThree, rejoins));
    expect(action?.type === 'assign' && action.reasons).toEqual({
      action: 'rejoin',
      summary:
        'n3, the best worker for it, is drained and reset to join as a control plane: ' +
        'the spec wants it drained and joined anew (replacement.promotion)',
      guards: [
        {
          name: 'one-change',
          passed: true,
          message: 'every control plane is whole, and nobody leaves',
        },
      ],
      rejected: expect.any(Array),
    });
  });
});
