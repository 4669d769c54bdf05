import { describe, expect, test } from '@jest/globals';
import { createRoles } from '../../../src/controllers/roles/controller.ts';
import { RetryableError } from '../../../src/errors.ts';
import { assignment, genesisRecord } from '../../support/controllers-entries.ts';
import { createWorld, portsIn } from '../../support/controllers-ports.ts';

describe('roles controller', () => {
  test.each([
    { now: undefined, passes: false },
    { now: 6, passes: false },
    { now: 5, passes: true },
  ])('decided in term 5, the write in term $now passes: $passes', async ({ now, passes }) => {
    const world = createWorld();
    world.term = now;
    const action = { type: 'assign', assignment: assignment(2), ifRevision: 0 } as const;
    const written = createRoles(genesisRecord).act(action, portsIn(world));
    await (passes ? written : expect(written).rejects.toThrow(RetryableError));
    expect(world.store.list('assignment').length).toBe(passes ? 1 : 0);
  });

  test('counts how long it has watched from its own term and from the last failover', async () => {
    const world = createWorld();
    const roles = createRoles(genesisRecord);
    const watchedAt = async (nowMs: number, term: number, sinceLogFailoverMs: number) => {
      Object.assign(world, { nowMs, term, sinceLogFailoverMs });
      return (await roles.observe(portsIn(world))).watchedMs;
    };
    expect([
      await watchedAt(0, 5, 90_000),
      await watchedAt(40_000, 5, 90_000),
      await watchedAt(50_000, 5, 7_000),
      await watchedAt(60_000, 8, 17_000),
    ]).toEqual([0, 40_000, 7_000, 0]);
  });
});
