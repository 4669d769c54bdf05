import { describe, expect, test } from '@jest/globals';
import { wholeCluster } from '../../../src/simulation/exploration/control-plane/start.ts';
import {
  type ClusterScope,
  clusterSystem,
} from '../../../src/simulation/exploration/control-plane/system.ts';
import { explore } from '../../../src/simulation/exploration/explore.ts';
import { SAFETY } from './safety.ts';
import { askedToLeave, firstIsDemoted, thirdIsAsked } from './starts.ts';

interface Row extends Omit<ClusterScope, 'size' | 'nodes' | 'start'> {
  readonly start: NonNullable<ClusterScope['start']>;
  readonly what: string;
  /** An exploration that visits fewer states has lost its power. */
  readonly statesAtLeast: number;
}

function whole(nodes: number, controlPlanes: number) {
  return {
    what: `a whole cluster of ${nodes} nodes, ${controlPlanes} of them control planes,`,
    start: wholeCluster(nodes, controlPlanes),
  };
}

function leaving(nodes: number, leaver: number) {
  return {
    what: `a whole cluster of ${nodes} nodes, of which number ${leaver + 1} is asked to leave,`,
    start: askedToLeave(nodes, 3, leaver),
  };
}

describe('control planes that come and go, explored to the end:', () => {
  test.each<Row>([
    { ...whole(3, 3), controlPlanes: 3, faults: { crashes: 1, wipes: 1 }, statesAtLeast: 150 },
    { ...whole(4, 3), controlPlanes: 3, faults: { crashes: 1 }, statesAtLeast: 1_500 },
    {
      ...whole(4, 3),
      controlPlanes: 3,
      faults: { crashes: 1 },
      ids: 'fixed',
      statesAtLeast: 1_000,
    },
    { ...whole(4, 3), controlPlanes: 3, faults: { crashes: 1, wipes: 1 }, statesAtLeast: 3_000 },
    { ...whole(4, 3), controlPlanes: 3, faults: { crashes: 1, kills: 1 }, statesAtLeast: 6_000 },
    { ...whole(4, 3), controlPlanes: 3, faults: { crashes: 1, failures: 1 }, statesAtLeast: 4_000 },
    {
      ...whole(4, 3),
      controlPlanes: 3,
      faults: { crashes: 1, logLosses: 1 },
      statesAtLeast: 10_000,
    },
    {
      ...whole(4, 3),
      controlPlanes: 3,
      faults: { crashes: 1, staleCopies: 1 },
      statesAtLeast: 30_000,
    },
    { ...whole(4, 3), controlPlanes: 3, faults: { silences: 1 }, statesAtLeast: 500 },
    { ...whole(5, 3), controlPlanes: 3, faults: { crashes: 1 }, statesAtLeast: 1_500 },
    { ...whole(5, 3), controlPlanes: 3, faults: { crashes: 1, wipes: 1 }, statesAtLeast: 4_000 },
    { ...whole(5, 3), controlPlanes: 3, faults: { silences: 1 }, statesAtLeast: 500 },
    { ...whole(5, 5), controlPlanes: 5, faults: { crashes: 2 }, statesAtLeast: 5_000 },
    { ...whole(3, 1), controlPlanes: 3, faults: {}, statesAtLeast: 30 },
    { ...whole(3, 1), controlPlanes: 3, faults: { depositions: 1 }, statesAtLeast: 300 },
    { ...whole(4, 3), controlPlanes: 1, faults: { depositions: 1 }, statesAtLeast: 300 },
    {
      ...whole(4, 3),
      controlPlanes: 3,
      faults: { crashes: 1, depositions: 1 },
      statesAtLeast: 30_000,
    },
    { ...whole(5, 1), controlPlanes: 3, faults: {}, statesAtLeast: 30 },
    { ...whole(3, 3), controlPlanes: 1, faults: { silences: 1 }, statesAtLeast: 3_000 },
    { ...whole(4, 3), controlPlanes: 1, faults: {}, statesAtLeast: 300 },
    {
      what: 'a cluster of 4 nodes, whose third control plane is on its way,',
      start: thirdIsAsked(),
      controlPlanes: 3,
      faults: { crashes: 1 },
      statesAtLeast: 1_000,
    },
    {
      what: 'a cluster of 3 control planes, whose first is to become a worker,',
      start: firstIsDemoted(),
      controlPlanes: 1,
      faults: { crashes: 1, wipes: 1 },
      ids: 'fixed',
      statesAtLeast: 10_000,
    },
    { ...leaving(4, 0), controlPlanes: 3, faults: {}, statesAtLeast: 30 },
    { ...leaving(4, 1), controlPlanes: 3, faults: { crashes: 1 }, statesAtLeast: 6_000 },
  ])(
    '$what with $controlPlanes control planes wanted and faults $faults is safe, and becomes whole',
    ({ statesAtLeast, what: _what, ...scope }) => {
      const { start } = scope;
      const system = clusterSystem({ ...scope, nodes: start.places.length, size: undefined });
      const exploration = explore(system);
      expect(exploration).toMatchObject({ finished: true, counterexample: null });
      expect(exploration.states).toBeGreaterThan(statesAtLeast);
    },
  );

  // Where these may get stuck is in limits.test.ts.
  test.each<Row>([
    { ...whole(3, 1), controlPlanes: 3, faults: { crashes: 1 }, statesAtLeast: 4_000 },
    { ...whole(3, 3), controlPlanes: 1, faults: { crashes: 1 }, statesAtLeast: 25_000 },
  ])(
    '$what with $controlPlanes control planes wanted and faults $faults is safe',
    ({ statesAtLeast, what: _what, ...scope }) => {
      const { start } = scope;
      const nodes = start.places.length;
      const system = clusterSystem({ ...scope, nodes, size: undefined, only: SAFETY });
      const exploration = explore(system);
      expect(exploration).toMatchObject({ finished: true, counterexample: null });
      expect(exploration.states).toBeGreaterThan(statesAtLeast);
    },
  );
});
