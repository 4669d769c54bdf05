import { describe, expect, test } from '@jest/globals';
import { check } from '../../../src/simulation/checker/check.ts';
import { FAULT_KINDS, type FaultKind } from '../../../src/simulation/faults/fault.ts';
import { schedule } from '../../../src/simulation/faults/schedule.ts';
import { startFleet } from '../../../src/simulation/fleet/fleet.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';

const ONE_MINUTE_MS = 60_000;
const AFTERMATH_MS = 30_000;
const TIMEOUT_MS = 60_000;
const CANARY = 'join-key-4711';

/** One fault while the cluster forms, and the same one once it is whole. */
function twice(kind: FaultKind) {
  const fault = { kind, lastsMs: 10_000, hosts: ['n2', 'n3'], amount: 0.3 };
  return [
    { ...fault, atMs: 9_000 },
    { ...fault, atMs: 60_000 },
  ];
}

describe('no invariant is broken', () => {
  test.each([1, 3, 5])(
    'by %i healthy machines that are left alone once they are a cluster',
    async (nodes) => {
      const spec = { controlPlanes: nodes < 3 ? 1 : 3 } as const;
      const fleet = startFleet({ nodes, seed: nodes, spec, canaries: [CANARY] });
      await untilWhole(fleet);
      await fleet.clock.advance(2 * ONE_MINUTE_MS);
      fleet.recorder.note('*', { type: 'script.settled' });
      await fleet.clock.advance(10 * ONE_MINUTE_MS);
      fleet.end();
      expect(check(fleet.recorder.trace())).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test.each(FAULT_KINDS)(
    'by three machines to which it happens twice: %s',
    async (kind) => {
      const fleet = startFleet({ nodes: 3, seed: 21, canaries: [CANARY] });
      await fleet.clock.drive(schedule(fleet, twice(kind)));
      await fleet.clock.advance(AFTERMATH_MS);
      fleet.end();
      expect(check(fleet.recorder.trace())).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
