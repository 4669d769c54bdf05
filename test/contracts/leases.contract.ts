import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Leases } from '../../src/ports/leases.ts';

/** One log, on which two agents keep leases. */
export interface LeasesWorld {
  /** Leases of an agent that has heard all there is. */
  open(nodeId: string): Promise<Leases>;
  close(): Promise<void>;
}

const ONE = 'aaaaaaaaaaa';
const TWO = 'bbbbbbbbbbb';

/** What all Leases promise, on whatever log. `openWorld` is called for each test, on an empty log. */
export function leasesContract(openWorld: () => Promise<LeasesWorld>): void {
  describe('leases', () => {
    let world: LeasesWorld;
    let one: Leases;
    let two: Leases;

    beforeEach(async () => {
      world = await openWorld();
      [one, two] = await Promise.all([world.open(ONE), world.open(TWO)]);
    });

    afterEach(async () => {
      await world.close();
    });

    test('show the beats of a node to every other', async () => {
      await until(() => {
        void one.beat();
        return two.list().length === 1;
      });
      expect(two.list()).toEqual([{ nodeId: ONE, incarnation: 1, ageMs: expect.any(Number) }]);
    });

    test('can be claimed when nobody leads, and then be renewed in a term', async () => {
      await one.claimLeader(one.leaderLease().revision);
      await one.beatLeader(7);
      await one.beatLeader(7);
      await until(() => two.leaderAgeMs(7) !== undefined);
      expect(two.leaderAgeMs(6)).toBeUndefined();
    });

    test('can not be claimed by who has not seen the last beat', async () => {
      const seen = two.leaderLease().revision;
      await one.claimLeader(one.leaderLease().revision);
      await one.beatLeader(7);
      await expect(two.claimLeader(seen)).rejects.toMatchObject({ code: 'lease.lost' });
      await one.beatLeader(7);
    });

    test('are lost for good once another claimed them', async () => {
      await one.claimLeader(one.leaderLease().revision);
      await one.beatLeader(7);
      await until(() => two.leaderAgeMs(7) !== undefined);
      await two.claimLeader(two.leaderLease().revision);
      await expect(one.beatLeader(7)).rejects.toMatchObject({ code: 'lease.lost' });
      await two.beatLeader(8);
      await expect(one.beatLeader(7)).rejects.toMatchObject({ code: 'lease.lost' });
    });

    test('can not be renewed by who never claimed them', async () => {
      await expect(one.beatLeader(7)).rejects.toMatchObject({ code: 'lease.lost' });
    });

    test('are claimed by exactly one of two that saw the same', async () => {
      const claims = await Promise.allSettled([
        one.claimLeader(one.leaderLease().revision),
        two.claimLeader(two.leaderLease().revision),
      ]);
      expect(claims.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    });

    test('tell who failed to claim what to name next time', async () => {
      await one.claimLeader(one.leaderLease().revision);
      await expect(two.claimLeader(0)).rejects.toMatchObject({ code: 'lease.lost' });
      await two.claimLeader(two.leaderLease().revision);
    });
  });
}

/** What others wrote arrives some time; a test that waits too long fails by its timeout. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await nextTurn();
}
