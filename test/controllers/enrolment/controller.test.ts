import { expect, test } from '@jest/globals';
import { enrolment } from '../../../src/controllers/enrolment/controller.ts';
import { reconcile } from '../../../src/runtime/reconcile.ts';
import { id, node } from '../../support/controllers-entries.ts';
import { createWorld, portsIn } from '../../support/controllers-ports.ts';

test('a node enrols once and is left alone afterwards', async () => {
  const world = createWorld();
  expect(await reconcile(enrolment, portsIn(world))).toEqual({
    actionsDone: 1,
    requeue: undefined,
  });
  expect(world.store.get('node', id(1))?.value).toEqual(node(1));
  expect(await reconcile(enrolment, portsIn(world))).toEqual({
    actionsDone: 0,
    requeue: undefined,
  });
});

test('a newcomer under the name of a living node is refused and the first stays untouched', async () => {
  const world = createWorld();
  await world.store.set('node', id(2), node(2, { hostname: 'n1' }));
  world.leases = [{ nodeId: id(2), incarnation: 1, ageMs: 0 }];
  const { requeue } = await reconcile(enrolment, portsIn(world));
  expect(requeue?.waiting?.reason).toBe('twin-node');
  expect(world.store.list('node').map(({ value }) => value)).toEqual([node(2, { hostname: 'n1' })]);
});
