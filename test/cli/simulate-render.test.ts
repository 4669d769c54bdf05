import { expect, test } from '@jest/globals';
import { plain } from '../../src/cli/paint.ts';
import { momentText } from '../../src/cli/simulate/moment-text.ts';
import { renderSimulation } from '../../src/cli/simulate/render-simulation.ts';
import type { Simulation } from '../../src/simulation/scenario/simulation.ts';
import { nodeView } from '../support/agent-views.ts';

test.each([
  [0, '0s'],
  [-12_345, '-12.3s'],
  [59_960, '1m0s'],
  [65_214, '1m5.2s'],
  [3_720_000, '1h2m0s'],
] as const)('%i ms read %s', (ms, text) => {
  expect(momentText(ms)).toBe(text);
});

const SIMULATION: Simulation = {
  origin: 'empty machines',
  seed: 7,
  kubernetesVersion: 'v1.34.4',
  forMs: 600_000,
  wholeAfterMs: 29_000,
  timeline: [
    { atMs: -26_800, host: '*', text: 'the log works' },
    { atMs: 60_000, host: 'n1', text: 'is switched off (worker)' },
  ],
  nodes: [
    { ...nodeView('n1', { liveness: 'dead', phase: 'unknown', ready: false }), machine: 'off' },
    { ...nodeView('n2', { role: 'control-plane', zone: 'a' }), machine: 'running' },
  ],
  apiOutages: [{ fromMs: 60_000, toMs: 63_000 }],
  logOutages: [{ fromMs: 60_000, toMs: 600_000 }],
  verdict: { ending: 'degraded', reasons: ['n1 is dead.'], cures: ['Switch n1 on again.'] },
  notes: ['Machines are simulated.'],
};

test('a simulation reads as what happened, what is left, and what to make of it', () => {
  expect(renderSimulation(SIMULATION, { wide: false, paint: plain })).toBe(
    [
      '2 nodes, Kubernetes v1.34.4, seed 7: empty machines, whole after 29s, then 10m0s.',
      '',
      '    -26.8s  the log works',
      '      1m0s  n1 is switched off (worker)',
      '',
      'NODE   MACHINE   ROLE            PHASE     READY   KUBELET   ALIVE',
      'n1     off       worker          unknown   -       v1.34.4   dead',
      'n2     running   control-plane   serving   yes     v1.34.4   yes',
      '',
      'API down: 3s (1m0s to 1m3s)',
      'log down: 9m0s (1m0s to the end)',
      '',
      'Ends degraded.',
      '  n1 is dead.',
      '  Switch n1 on again.',
      '',
      'Machines are simulated.',
      '',
    ].join('\n'),
  );
});

test('a copy that fared well says so, and wide adds where each node is', () => {
  const wide = renderSimulation(
    {
      ...SIMULATION,
      origin: 'copy of the running cluster',
      timeline: [],
      nodes: SIMULATION.nodes.slice(1),
      apiOutages: [],
      logOutages: [],
      verdict: { ending: 'whole', reasons: ['1 of 1 nodes Ready.'], cures: [] },
    },
    { wide: true, paint: plain },
  );
  expect(wide).toBe(
    [
      '1 node, Kubernetes v1.34.4, seed 7: a copy of the running cluster, then 10m0s.',
      '',
      'NODE   MACHINE   ROLE            PHASE     READY   KUBELET   ALIVE   ADDRESS     ID            ZONE',
      'n2     running   control-plane   serving   yes     v1.34.4   yes     10.88.0.1   n2aaaaaaaaa   a',
      '',
      'API down: never',
      'log down: never',
      '',
      'Ends whole.',
      '  1 of 1 nodes Ready.',
      '',
      'Machines are simulated.',
      '',
    ].join('\n'),
  );
});
