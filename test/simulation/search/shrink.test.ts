import { describe, expect, test } from '@jest/globals';
import type { FaultKind } from '../../../src/simulation/faults/fault.ts';
import type { Scenario } from '../../../src/simulation/search/scenario.ts';
import { shrink } from '../../../src/simulation/search/shrink.ts';

function fault(kind: FaultKind, hosts: string[], lastsMs = 16_000): Scenario['faults'][number] {
  return { kind, hosts, lastsMs, atMs: 1_000, amount: 0.5 };
}

const LARGE: Scenario = {
  seed: 7,
  mode: 'whole',
  nodes: 5,
  controlPlanes: 3,
  graceSeconds: 60,
  startWithinMs: 0,
  faults: [
    fault('disk-slow', ['n1']),
    fault('power-cut', ['n2', 'n3', 'n4']),
    fault('link-cut', ['n1', 'n5']),
    fault('agent-killed', ['n1', 'n2']),
  ],
};

/** Fails whenever n2 loses its power for long enough. */
async function failsWithPowerCut({ faults }: Scenario): Promise<boolean> {
  return faults.some(
    ({ kind, hosts, lastsMs }) => kind === 'power-cut' && hosts.includes('n2') && lastsMs > 3_000,
  );
}

describe('shrink', () => {
  test('leaves of a failing scenario only what makes it fail', async () => {
    expect(await shrink(LARGE, failsWithPowerCut)).toEqual({
      ...LARGE,
      nodes: 2,
      controlPlanes: 1,
      faults: [fault('power-cut', ['n2'], 4_000)],
    });
  });

  test('leaves a scenario as it is when nothing smaller fails', async () => {
    expect(await shrink(LARGE, async () => false)).toBe(LARGE);
  });

  test('gives up after the runs it was granted, with the smallest found until then', async () => {
    const smallest = await shrink(LARGE, async () => true, 1);
    expect(smallest.faults).toEqual(LARGE.faults.slice(2));
  });
});
