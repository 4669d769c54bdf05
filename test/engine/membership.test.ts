import { describe, expect, test } from '@jest/globals';
import { startFleet } from '../../src/simulation/fleet/fleet.ts';
import { untilWhole } from '../../src/simulation/fleet/until-whole.ts';

const ONE_MINUTE_MS = 60_000;

describe('a member of a cluster whose log never came up', () => {
  test.each([1, 2, 3])(
    'goes on in the log of the next epoch, and so does the machine that was missing (%i)',
    async (seed) => {
      const fleet = startFleet({ nodes: 3, seed, spec: { controlPlanes: 1 } });
      const recordOf = (hostname: string) => fleet.machine(hostname).agent()?.formation.record();
      const hostnames = ['n1', 'n2', 'n3'];
      await fleet.clock.runUntil(() => hostnames.every(recordOf), ONE_MINUTE_MS);
      const first = recordOf('n1');
      fleet.machine('n3').powerOff();
      expect(fleet.leader()).toBeUndefined();

      await fleet.clock.runUntil(() => fleet.leader() !== undefined, 3 * ONE_MINUTE_MS);
      expect(fleet.clock.nowMs()).toBeGreaterThan(ONE_MINUTE_MS);
      const second = recordOf('n1');
      expect(recordOf('n2')).toEqual(second);
      expect(second).toMatchObject({ clusterId: first?.clusterId, epoch: 2 });
      expect(second?.replicas.map(({ nodeId }) => nodeId)).not.toContain(
        fleet.machine('n3').node().nodeId,
      );

      fleet.machine('n3').boot();
      await untilWhole(fleet);
      expect(recordOf('n3')).toEqual(second);
      expect(fleet.store()?.list('node')).toHaveLength(3);
      fleet.end();
    },
  );
});
