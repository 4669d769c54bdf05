import { describe, expect, test } from '@jest/globals';
import { decide, type Observed } from '../../../src/controllers/roles/decide.ts';
import {
  FIRST_PROGRESS,
  type Progress,
  writeProgress,
} from '../../../src/machines/operation-progress.ts';
import type { Assignment } from '../../../src/state/assignment.ts';
import type { Entry } from '../../../src/state/kinds.ts';
import {
  assignment,
  controlPlaneAssignment,
  id,
  initAssignment,
  served,
  status,
} from '../../support/controllers-entries.ts';
import { cluster, type NodeInCluster } from '../../support/controllers-roles.ts';
import { departed, retirement, upgrades } from '../../support/leaving-nodes.ts';
import { told } from '../../support/told-decisions.ts';

const done = (asked: Assignment): NodeInCluster => ({ assignment: asked, status: served(asked) });
const [first, second] = [done(initAssignment(1)), done(controlPlaneAssignment(2))];
const worker = (number: number) => done(assignment(number));

function promotion(number: number): Assignment {
  const operationId = `promote-${id(number)}-1`;
  return assignment(number, {
    operationId,
    role: 'control-plane',
    task: 'promote',
    sponsor: id(1),
  });
}

/** On its way to be a control plane; whether it goes on tells its operation. */
function promoted(number: number, change: Partial<NodeInCluster> = {}): NodeInCluster {
  const asked = promotion(number);
  const { operationId } = asked;
  const said = status(number, { phase: 'installing', operationId, role: 'control-plane' });
  return { assignment: asked, status: said, ...change };
}

function operation(number: number, progress: Partial<Progress>): Entry<'operation'> {
  const { operationId, nodeId, incarnation, term, task } = promotion(number);
  const snapshot = writeProgress({ ...FIRST_PROGRESS, ...progress });
  const value = { operationId, nodeId, incarnation, term, task, snapshot };
  return { kind: 'operation', key: operationId, value, revision: 150 };
}

const FAILED = { state: 'failed', failures: 1, outcome: 'failed', reason: 'exit 1' } as const;

function leaving(
  number: number,
  phase: 'installing' | 'spare',
  change: Partial<NodeInCluster> = {},
) {
  const asked = retirement(number);
  const { operationId } = asked;
  const said = status(number, { phase, operationId, role: 'spare' });
  return { assignment: asked, status: said, ...change };
}

interface Row {
  readonly when: string;
  readonly observed: Observed;
  readonly told: readonly string[];
}

/** n3 failed to become the third control plane in place, and n4 is a worker. */
function withFailed(
  nodes: readonly NodeInCluster[] = [first, second, promoted(3), worker(4)],
  change: Partial<Observed> = {},
): Observed {
  return { ...cluster(nodes), operations: [operation(3, FAILED)], ...change };
}

const rows: readonly Row[] = [
  {
    when: 'its phases go on',
    observed: withFailed(undefined, { operations: [operation(3, { state: 'running' })] }),
    told: ['waits for control-plane'],
  },
  {
    when: 'its proof may still come',
    observed: withFailed(undefined, { operations: [operation(3, { state: 'verifying' })] }),
    told: ['waits for control-plane'],
  },
  {
    when: 'it failed',
    observed: withFailed(),
    told: ['retire n3 by n1', 'waits for control-plane'],
  },
  {
    when: 'it failed, and voted for the only other control plane',
    observed: withFailed([first, worker(2), promoted(3), worker(4)]),
    told: ['retire n3 by n1', 'waits for control-plane'],
  },
  {
    when: 'it failed, and is not heard',
    observed: withFailed([first, second, promoted(3, { verdict: 'suspect' }), worker(4)]),
    told: ['waits for control-plane'],
  },
  {
    when: 'it failed, and another worker leaves',
    observed: withFailed([first, second, promoted(3), leaving(4, 'installing')]),
    told: ['waits for one-change'],
  },
  {
    when: 'it failed, and another worker is upgraded',
    observed: withFailed(undefined, { orders: [upgrades(4)] }),
    told: ['waits for one-change'],
  },
  {
    when: 'it is drained: nobody is tried in its place',
    observed: withFailed([first, second, leaving(3, 'installing'), worker(4)]),
    told: [],
  },
  {
    when: 'its host is cleaned',
    observed: withFailed([first, second, leaving(3, 'installing'), worker(4)], {
      departures: [departed(3)],
    }),
    told: ['waits for one-change'],
  },
  {
    when: 'it dies on its way',
    observed: withFailed(
      [first, second, leaving(3, 'installing', { verdict: 'dead' }), worker(4)],
      {
        departures: [departed(3)],
      },
    ),
    told: ['promote n4 by n1'],
  },
  {
    when: 'its host is clean',
    observed: withFailed([first, second, leaving(3, 'spare'), worker(4)], {
      departures: [departed(3)],
    }),
    told: ['join-control-plane n3 by n1'],
  },
  {
    when: 'its host is clean, and its place was taken meanwhile',
    observed: withFailed([first, second, leaving(3, 'spare'), done(controlPlaneAssignment(4))], {
      departures: [departed(3)],
    }),
    told: ['join-worker n3 by n1'],
  },
];

/** What the guard goes by is hidden, and the leader does what it must not do. */
const mutants: readonly (Row & { readonly blind: (observed: Observed) => Observed })[] = [
  {
    when: 'who leaves already is not seen',
    observed: withFailed([first, second, promoted(3), leaving(4, 'installing')]),
    blind: (observed) => ({
      ...observed,
      nodes: observed.nodes.filter(({ key }) => key !== id(4)),
    }),
    told: ['retire n3 by n1'],
  },
  {
    when: 'nobody asks who is out of service',
    observed: withFailed(undefined, { orders: [upgrades(4)] }),
    blind: (observed) => ({ ...observed, orders: [] }),
    told: ['retire n3 by n1'],
  },
  {
    when: 'whoever falls back is forgotten',
    observed: withFailed([first, second, leaving(3, 'installing'), worker(4)], {
      departures: [departed(3)],
    }),
    blind: (observed) => ({ ...observed, operations: [] }),
    told: ['promote n4 by n1'],
  },
];

describe('a worker whose promotion failed under its pods', () => {
  test.each(rows)('$when', (row) => {
    expect(told(decide(row.observed))).toEqual(row.told);
  });

  test.each(mutants)('waits, but not where $when', (mutant) => {
    const asked = (observed: Observed) =>
      told(decide(observed)).filter((line) => !line.startsWith('waits'));
    expect(asked(mutant.observed)).toEqual([]);
    expect(asked(mutant.blind(mutant.observed))).toEqual(mutant.told);
  });

  test('is told why it is emptied', () => {
    const [action] = decide(withFailed());
    expect(action?.type === 'assign' && action.reasons).toEqual({
      action: 'rejoin',
      summary:
        'n3 is drained and reset to join as a control plane, as its promotion under its pods failed: exit 1',
      guards: [
        {
          name: 'one-change',
          passed: true,
          message: 'no other change of the control plane is under way',
        },
      ],
      rejected: [],
    });
  });
});
