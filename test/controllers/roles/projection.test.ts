import { describe, expect, test } from '@jest/globals';
import { projectRoles } from '../../../src/controllers/roles/projection/project.ts';
import type { Assignment } from '../../../src/state/assignment.ts';
import type { ClusterSpec } from '../../../src/state/cluster-spec.ts';
import {
  assignment,
  controlPlaneAssignment,
  id,
  initAssignment,
  served,
} from '../../support/controllers-entries.ts';
import { cluster, type NodeInCluster } from '../../support/controllers-roles.ts';

const serves = (asked: Assignment): NodeInCluster => ({ assignment: asked, status: served(asked) });
const founder = serves(initAssignment(1));
const controlPlane = (number: number) => serves(controlPlaneAssignment(number));
const worker = (number: number) => serves(assignment(number));
const standBy = (number: number) =>
  serves(
    assignment(number, {
      operationId: `s-${number}`,
      role: 'spare',
      task: 'stand-by',
      sponsor: null,
    }),
  );

/** As one line each. */
function projected(
  nodes: readonly NodeInCluster[],
  wanted: Partial<ClusterSpec>,
  dead: number[] = [],
) {
  const deadForMs = new Map(dead.map((number) => [id(number), 3_600_000]));
  const { steps, wait } = projectRoles({ ...cluster(nodes, wanted), deadForMs });
  const lines = steps.map(
    ({ hostname, from, to, drains, why }) =>
      `${hostname}: ${from} → ${to}${drains ? ', drained' : ''}: ${why}`,
  );
  return { lines, wait: wait?.message ?? null };
}

const THREE = [founder, controlPlane(2), controlPlane(3)];
const FIVE = [...THREE, worker(4), worker(5)];

interface Case {
  readonly what: string;
  readonly nodes: readonly NodeInCluster[];
  readonly wanted: Partial<ClusterSpec>;
  readonly dead?: number[];
  readonly lines: readonly string[];
  readonly wait: string | null;
}

describe('a spec leads to these changes of roles, each by the decision of a leader:', () => {
  test.each<Case>([
    { what: 'as it is', nodes: FIVE, wanted: { controlPlanes: 3 }, lines: [], wait: null },
    {
      what: 'controlPlanes 3 → 5',
      nodes: FIVE,
      wanted: { controlPlanes: 5 },
      lines: [
        'n4: worker → control-plane: n4, the best worker for it, becomes a control plane',
        'n5: worker → control-plane: n5, the best worker for it, becomes a control plane',
      ],
      wait: null,
    },
    {
      what: 'controlPlanes 3 → 5 without a fifth machine',
      nodes: [...THREE, worker(4)],
      wanted: { controlPlanes: 5 },
      lines: [],
      wait: 'waiting for 1 more node to reach 5 control planes: start civitas on it with the same token',
    },
    {
      what: 'controlPlanes 3 → 1',
      nodes: FIVE,
      wanted: { controlPlanes: 1 },
      lines: [
        'n3: control-plane → worker: n3 becomes a worker, as 1 control plane is wanted',
        'n2: control-plane → worker: n2 becomes a worker, as 1 control plane is wanted',
      ],
      wait: null,
    },
    {
      what: 'size 5 → 4',
      nodes: FIVE,
      wanted: { controlPlanes: 3, size: 4 },
      lines: ['n5: worker → spare, drained: n5 becomes a spare, as 4 nodes are wanted (size)'],
      wait: null,
    },
    {
      what: 'controlPlanes 3 → 1 and size 2',
      nodes: FIVE,
      wanted: { controlPlanes: 1, size: 2 },
      lines: [
        'n3: control-plane → worker: n3 becomes a worker, as 1 control plane is wanted',
        'n2: control-plane → worker: n2 becomes a worker, as 1 control plane is wanted',
        'n5: worker → spare, drained: n5 becomes a spare, as 2 nodes are wanted (size)',
        'n4: worker → spare, drained: n4 becomes a spare, as 2 nodes are wanted (size)',
        'n3: worker → spare, drained: n3 becomes a spare, as 2 nodes are wanted (size)',
      ],
      wait: null,
    },
    {
      what: 'no size any more',
      nodes: [...THREE, standBy(4), standBy(5)],
      wanted: { controlPlanes: 3 },
      lines: ['n4: spare → worker: n4 becomes a worker', 'n5: spare → worker: n5 becomes a worker'],
      wait: null,
    },
    {
      what: 'whoever is dead stays so',
      nodes: [founder, controlPlane(2), { ...controlPlane(3), verdict: 'dead' }, worker(4)],
      wanted: { controlPlanes: 3 },
      dead: [3],
      lines: [
        'n3: control-plane → spare: n3 is lost and gives its place as control plane to n4',
        'n4: worker → control-plane: n4, the best worker for it, becomes a control plane',
      ],
      wait: null,
    },
    {
      what: 'a join under way ends well',
      nodes: [...THREE, { assignment: controlPlaneAssignment(4) }, standBy(5)],
      wanted: { controlPlanes: 5 },
      lines: [
        'n5: spare → control-plane: n5, the best node without a role for it, becomes a control plane',
      ],
      wait: null,
    },
  ])('$what', ({ nodes, wanted, dead, lines, wait }) => {
    expect(projected(nodes, wanted, dead)).toEqual({ lines, wait });
  });
});
