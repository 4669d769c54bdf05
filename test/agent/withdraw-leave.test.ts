import { beforeEach, describe, expect, test } from '@jest/globals';
import { FIRST_PROGRESS, writeProgress } from '../../src/machines/operation-progress.ts';
import type { Departure } from '../../src/state/departure.ts';
import {
  assignment,
  controlPlaneAssignment,
  id,
  initAssignment,
} from '../support/controllers-entries.ts';
import type { World } from '../support/controllers-ports.ts';
import { askIn, letServe, worldWithSpec } from '../support/people-asks.ts';

let world: World;

/** n1 to n3 are control planes, n4 is a worker that was asked to leave. */
beforeEach(async () => {
  world = await worldWithSpec();
  const given = [
    initAssignment(1),
    controlPlaneAssignment(2),
    controlPlaneAssignment(3),
    assignment(4),
  ];
  await letServe(world, given);
  for (const each of given) {
    const { operationId, nodeId, incarnation, term, task } = each;
    const snapshot = writeProgress({ ...FIRST_PROGRESS, state: 'succeeded' });
    await world.store.set('operation', operationId, {
      ...{ operationId, nodeId, incarnation, term, task, snapshot },
    });
  }
  const leave = { type: 'leave', nodeId: id(4), incarnation: 1, askedWallMs: 1 } as const;
  await world.store.set('request', id(4), leave);
});

const RETIRE = `retire-${id(4)}-1`;
const stay = (body: unknown = { node: 'n4' }) => askIn(world)('/v1/stay', body);
const request = () => world.store.get('request', id(4));
const events = () => world.store.list('event').map(({ value }) => value.summary);

async function retire(state?: Departure['state']): Promise<void> {
  const asked = assignment(4, { operationId: RETIRE, task: 'retire', role: 'spare' });
  await world.store.set('assignment', id(4), asked);
  if (state === undefined) return;
  const departure = { nodeId: id(4), incarnation: 1, operationId: RETIRE, by: id(1) };
  await world.store.set('departure', id(4), { ...departure, state, waiting: null });
}

describe('people take it back that a node leaves', () => {
  test.each(['n4', id(4)])('by %s, before anything began', async (named) => {
    expect(await stay({ node: named })).toMatchObject({
      summary: 'n4 was asked to stay',
      nodeId: id(4),
      operationId: null,
    });
    expect(request()).toBeUndefined();
    expect(events()).toEqual(['n4 was asked to stay']);
  });

  test.each([undefined, 'under-way', 'taken-back'] as const)(
    'once, and whoever sees to it is asked to stop: %s',
    async (state) => {
      await retire(state);
      const first = await stay();
      expect(request()?.value).toEqual({
        type: 'stay',
        nodeId: id(4),
        incarnation: 1,
        askedWallMs: 1_000,
        operationId: RETIRE,
      });
      expect(first).toEqual({
        revision: request()?.revision,
        summary: 'n4 was asked to stay',
        nodeId: id(4),
        operationId: RETIRE,
      });
      expect(await stay()).toEqual(first);
      expect(events()).toEqual(['n4 was asked to stay']);
    },
  );

  const wipe =
    'Once `civitas leave --wait` there has come to its end, wipe the machine to let it come as another node. [leave.past-return]';
  test.each([
    {
      state: 'past-return',
      why: 'its member of etcd or its Node is being taken away, or is gone',
    },
    { state: 'done', why: 'it has left' },
  ] as const)('and are refused once it is $state', async ({ state, why }) => {
    await retire(state);
    const revision = world.store.get('departure', id(4))?.revision;
    expect(await stay()).toBe(`n4 can not stay, judged at revision ${revision}: ${why}. ${wipe}`);
    expect(request()?.value.type).toBe('leave');
    expect(events()).toEqual([]);
  });

  const NO_ROLE =
    'it has never served, or failed to become something else, so there is no role to go back to';

  test('and are refused where it never served', async () => {
    await retire('under-way');
    const { operationId } = assignment(4);
    const entry = world.store.get('operation', operationId);
    if (entry) {
      const snapshot = writeProgress({ ...FIRST_PROGRESS, state: 'running' });
      await world.store.set('operation', operationId, { ...entry.value, snapshot });
    }
    expect(await stay()).toContain(NO_ROLE);
  });

  test('and are refused where it failed to become something else', async () => {
    await retire('under-way');
    const served = world.store.get('operation', assignment(4).operationId);
    const operationId = `promote-${id(4)}-1`;
    const snapshot = writeProgress({ ...FIRST_PROGRESS, state: 'failed', failures: 1 });
    if (served) {
      const promotion = { ...served.value, operationId, task: 'promote', snapshot } as const;
      await world.store.set('operation', operationId, promotion);
    }
    expect(await stay()).toContain(NO_ROLE);
  });

  test('but nobody asked for that', async () => {
    const revision = request()?.revision;
    expect(await stay({})).toBe(
      `Nobody asked n1 to leave, judged at revision ${revision}: see \`civitas status\`. [leave.not-asked]`,
    );
  });

  test('but there is no such node', async () => {
    const revision = request()?.revision;
    expect(await stay({ node: 'n9' })).toBe(
      `There is no node n9 at revision ${revision}: the cluster has n1, n2, n3, n4. [leave.unknown-node]`,
    );
  });

  test('and once it stays there is nothing to take back', async () => {
    await retire('under-way');
    await stay();
    await world.store.set('assignment', id(4), assignment(4));
    expect(await stay()).toContain('Nobody asked n4 to leave');
  });
});
