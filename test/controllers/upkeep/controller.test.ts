import { describe, expect, test } from '@jest/globals';
import type { Action } from '../../../src/controllers/upkeep/action.ts';
import { createUpkeep } from '../../../src/controllers/upkeep/controller.ts';
import { RetryableError } from '../../../src/errors.ts';
import { id } from '../../support/controllers-entries.ts';
import { createWorld, portsIn } from '../../support/controllers-ports.ts';

const reasons = { action: 'prepare', summary: 'n1 prepares', guards: [], rejected: [] };
const order = {
  nodeId: id(1),
  incarnation: 1,
  term: 5,
  operationId: `prepare-${id(1)}-1`,
  task: 'prepare',
  planId: 'upgrade-v1-34-4-12',
  kubernetesVersion: 'v1.34.4',
  first: false,
  drains: false,
  sponsor: null,
} as const;
const release = { term: 5, controlPlane: 'v1.34.3', kubelet: 'v1.34.3', heldBy: null };

describe('upkeep controller', () => {
  test.each<{ what: string; action: Action }>([
    { what: 'an order', action: { type: 'order', order, ifRevision: 0, reasons } },
    { what: 'a release', action: { type: 'release', release, ifRevision: 0 } },
    {
      what: 'the end of an order',
      action: { type: 'withdraw', term: 5, nodeId: id(1), ifRevision: 0 },
    },
  ])('that was deposed writes nothing of what it decided: $what', async ({ action }) => {
    const world = createWorld();
    for (const now of [undefined, 6]) {
      world.term = now;
      const written = createUpkeep().act(action, portsIn(world));
      await expect(written).rejects.toThrow(RetryableError);
    }
    expect(world.store.revision).toBe(0);
    world.term = 5;
    await createUpkeep().act(action, portsIn(world));
  });

  test('decides nothing from a copy of the log that lacks its own term', async () => {
    const world = createWorld();
    world.term = 5;
    const upkeep = createUpkeep();
    expect(upkeep.decide(await upkeep.observe(portsIn(world)))).toEqual([]);
  });
});
