import { describe, expect, test } from '@jest/globals';
import { consequencesOf } from '../../../src/cli/plan/consequences.ts';
import { renderWhatIf } from '../../../src/cli/plan/render-what-if.ts';
import type { Assignment } from '../../../src/state/assignment.ts';
import type { ClusterSpec } from '../../../src/state/cluster-spec.ts';
import type { KnownLog } from '../../../src/state/known-log.ts';
import type { SpecChange } from '../../../src/state/spec-difference.ts';
import {
  controlPlaneAssignment,
  initAssignment,
  liveness,
  node,
  served,
  spec,
} from '../../support/controllers-entries.ts';
import { progressEntry, rolloutEntry, upkeep } from '../../support/rollout-entries.ts';
import { keyed, knownLog } from '../../support/why-entries.ts';

const PARTS = {
  ...{ apiServer: 'v1.34.4', controllerManager: 'v1.34.4', scheduler: 'v1.34.4' },
  ...{ etcd: '3.6.5', cluster: 'v1.34.4' },
};

/** n1 … n3 are control planes at v1.34.4; the newest entry is of revision 40. */
function threeControlPlanes(differs: Partial<KnownLog> = {}): KnownLog {
  const asked: readonly Assignment[] = [
    initAssignment(1),
    controlPlaneAssignment(2),
    controlPlaneAssignment(3),
  ];
  const numbers = [1, 2, 3];
  return knownLog({
    nodes: numbers.map((number) => keyed('node', node(number).nodeId, node(number), number)),
    livenesses: numbers.map((number) => keyed('liveness', node(number).nodeId, liveness(number))),
    assignments: asked.map((each) => keyed('assignment', each.nodeId, each)),
    statuses: asked.map((each) => keyed('status', each.nodeId, served(each))),
    upkeeps: numbers.map((number) => keyed('upkeep', node(number).nodeId, upkeep(number, PARTS))),
    ...differs,
  });
}

function shown(
  wanted: ClusterSpec,
  changes: readonly SpecChange[],
  log: KnownLog,
): readonly string[] {
  const options = { paint: (_: unknown, text: string) => text, wallMs: 0 };
  return renderWhatIf(consequencesOf(wanted, changes, log, 0), log, options).split('\n');
}

const NOTHING_ROLLS = 'No rollout would follow: every node runs what that spec says.';

test('an edit of controlPlanes is told by who becomes what, and why', () => {
  const change = { field: 'controlPlanes', before: 3, after: 1 };
  expect(shown(spec({ controlPlanes: 1 }), [change], threeControlPlanes())).toEqual([
    'Would be changed:',
    '  controlPlanes: 3 → 1',
    '',
    'Roles would change, at once:',
    '#   NODE   IS              BECOMES   DRAINED   WHY',
    '1   n3     control-plane   worker    no        n3 becomes a worker, as 1 control plane is wanted',
    '2   n2     control-plane   worker    no        n2 becomes a worker, as 1 control plane is wanted',
    '',
    NOTHING_ROLLS,
    '',
    'Nothing was changed.',
    '',
  ]);
});

test('an edit that no machine is there for is told by what it would wait for', () => {
  const change = { field: 'controlPlanes', before: 3, after: 5 };
  expect(shown(spec({ controlPlanes: 5 }), [change], threeControlPlanes()).slice(3)).toEqual([
    'No role would change now.',
    '',
    'Of the roles it would wait: waiting for 2 more nodes to reach 5 control planes: start civitas on them with the same token.',
    '',
    NOTHING_ROLLS,
    '',
    'Nothing was changed.',
    '',
  ]);
});

test('a log in which nothing was founded has no roles to tell of', () => {
  expect(consequencesOf(spec(), [], knownLog(), 0).roles).toEqual({ steps: [], wait: null });
});

describe('a rollout that people cancelled', () => {
  const newer = spec({ kubernetesVersion: 'v1.35.1' });
  const cancel = { planId: 'upgrade-v1-35-1-57', word: 'cancel', saidWallMs: 0 } as const;
  const log = threeControlPlanes({
    revision: 70,
    spec: [keyed('spec', 'current', newer, 57)],
    rollouts: [rolloutEntry()],
    progresses: [progressEntry({ state: 'cancelled' })],
    holds: [keyed('hold', cancel.planId, cancel, 60)],
  });

  test('does not come back by a document that says the same', () => {
    expect(shown(newer, [], log)).toEqual([
      'Nothing would be changed of the spec.',
      '',
      'No role would change.',
      '',
      'No rollout would follow: people cancelled upgrade-v1-35-1-57; edit the spec to ask anew.',
      '',
      'Nothing was changed.',
      '',
    ]);
  });

  test.each<{ what: string; wanted: ClusterSpec; field: string; planId: string }>([
    {
      what: 'another field',
      wanted: {
        ...newer,
        controlPlanes: 3,
        replacement: { ...newer.replacement, graceSeconds: 9 },
      },
      field: 'replacement.graceSeconds',
      planId: 'upgrade-v1-35-1-71',
    },
    {
      what: 'another release',
      wanted: spec({ kubernetesVersion: 'v1.35.2' }),
      field: 'kubernetesVersion',
      planId: 'upgrade-v1-35-2-71',
    },
  ])('comes back by an edit of $what', ({ wanted, field, planId }) => {
    const { answer, cancelled } = consequencesOf(wanted, [{ field }], log, 0);
    expect({ answer, cancelled }).toMatchObject({
      answer: { rollout: { planId } },
      cancelled: null,
    });
  });
});
