import { describe, expect, test } from '@jest/globals';
import { wholeCluster } from '../../../src/simulation/exploration/control-plane/start.ts';
import {
  type ClusterScope,
  clusterSystem,
} from '../../../src/simulation/exploration/control-plane/system.ts';
import { explore } from '../../../src/simulation/exploration/explore.ts';
import { SAFETY } from './safety.ts';
import { oneAndWaiting } from './starts.ts';

interface Row extends Omit<ClusterScope, 'size'> {
  readonly size?: number;
  /** An exploration that visits fewer states has lost its power. */
  readonly statesAtLeast: number;
}

/** Whoever is lost keeps its place. What else may come of a join that is cut short is in limits.test.ts. */
const patient = { grace: 'endless' } as const;

function explored({ size, ...scope }: Omit<Row, 'statesAtLeast'>) {
  return explore(clusterSystem({ ...scope, size }));
}

describe('a cluster that grows, explored to the end,', () => {
  test.each<Row>([
    { nodes: 1, controlPlanes: 1, faults: { crashes: 2, kills: 1 }, statesAtLeast: 500 },
    { nodes: 2, controlPlanes: 1, faults: { crashes: 1, silences: 1 }, statesAtLeast: 1_700 },
    { nodes: 2, controlPlanes: 1, faults: { crashes: 1, wipes: 1 }, statesAtLeast: 500 },
    { nodes: 1, controlPlanes: 1, faults: { crashes: 2, staleCopies: 1 }, statesAtLeast: 2_000 },
    { nodes: 2, controlPlanes: 1, faults: { depositions: 1 }, ids: 'fixed', statesAtLeast: 400 },
    { nodes: 2, controlPlanes: 1, faults: { depositions: 1, crashes: 1 }, statesAtLeast: 4_000 },
    { nodes: 3, controlPlanes: 1, size: 2, faults: { crashes: 1 }, statesAtLeast: 2_000 },
    { nodes: 3, controlPlanes: 3, ...patient, faults: { crashes: 1 }, statesAtLeast: 6_000 },
    {
      nodes: 3,
      controlPlanes: 3,
      ...patient,
      faults: { crashes: 1 },
      ids: 'fixed',
      statesAtLeast: 12_000,
    },
    {
      nodes: 3,
      controlPlanes: 3,
      ...patient,
      faults: { crashes: 1, failures: 1 },
      statesAtLeast: 15_000,
    },
    {
      nodes: 3,
      controlPlanes: 3,
      ...patient,
      faults: { crashes: 1, kills: 1 },
      statesAtLeast: 20_000,
    },
    { nodes: 3, controlPlanes: 3, faults: { kills: 1, failures: 1 }, statesAtLeast: 1_800 },
    {
      nodes: 3,
      controlPlanes: 3,
      ...patient,
      faults: { silences: 1, staleCopies: 1 },
      statesAtLeast: 8_000,
    },
    { nodes: 3, controlPlanes: 3, faults: { crashes: 1 }, statesAtLeast: 6_000 },
    {
      nodes: 3,
      controlPlanes: 3,
      faults: { silences: 1 },
      start: oneAndWaiting(3),
      statesAtLeast: 400,
    },
    {
      nodes: 2,
      controlPlanes: 1,
      faults: { crashes: 1 },
      start: wholeCluster(2, 2),
      statesAtLeast: 50,
    },
    {
      nodes: 3,
      controlPlanes: 3,
      faults: { crashes: 1, wipes: 1 },
      only: SAFETY,
      statesAtLeast: 10_000,
    },
    { nodes: 3, controlPlanes: 3, faults: { logLosses: 1, kills: 1 }, statesAtLeast: 2_000 },
    {
      nodes: 3,
      controlPlanes: 3,
      faults: { depositions: 1, staleCopies: 1 },
      statesAtLeast: 18_000,
    },
    { nodes: 4, controlPlanes: 3, size: 3, faults: {}, statesAtLeast: 500 },
    { nodes: 4, controlPlanes: 3, faults: { depositions: 1 }, statesAtLeast: 12_000 },
    {
      nodes: 4,
      controlPlanes: 3,
      ...patient,
      only: SAFETY,
      faults: { depositions: 1, silences: 1 },
      start: oneAndWaiting(4),
      ids: 'fixed',
      statesAtLeast: 50_000,
    },
    { nodes: 5, controlPlanes: 3, faults: {}, statesAtLeast: 1_000 },
    { nodes: 5, controlPlanes: 5, faults: {}, statesAtLeast: 500 },
  ])(
    'keeps every invariant: nodes $nodes, control planes $controlPlanes, faults $faults',
    ({ statesAtLeast, ...scope }) => {
      const exploration = explored(scope);
      expect(exploration).toMatchObject({ finished: true, counterexample: null });
      expect(exploration.states).toBeGreaterThan(statesAtLeast);
    },
  );
});

describe('a whole cluster', () => {
  test.each([
    { nodes: 1, controlPlanes: 1 as const },
    { nodes: 3, controlPlanes: 3 as const },
    { nodes: 5, controlPlanes: 3 as const },
  ])('of $nodes nodes is left alone', ({ nodes, controlPlanes }) => {
    const start = wholeCluster(nodes, controlPlanes);
    expect(explored({ nodes, controlPlanes, faults: {}, start })).toEqual({
      states: 1,
      transitions: 0,
      depth: 0,
      finished: true,
      counterexample: null,
    });
  });

  test('comes back from any two power cuts, a log without quorum and lost beats', () => {
    const faults = { crashes: 2, logLosses: 1, silences: 1 };
    const start = wholeCluster(3, 3);
    const exploration = explored({ nodes: 3, controlPlanes: 3, faults, start });
    expect(exploration).toMatchObject({ finished: true, counterexample: null });
    expect(exploration.states).toBeGreaterThan(5_000);
  });
});
