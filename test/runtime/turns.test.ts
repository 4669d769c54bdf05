import { expect, test } from '@jest/globals';
import { createTurns } from '../../src/runtime/turns.ts';

/** A pass that ends when it is told to. */
function pass(name: string, told: string[]) {
  const ends = Promise.withResolvers<void>();
  const run = async () => {
    told.push(`${name} begins`);
    await ends.promise;
    told.push(`${name} ends`);
    return name;
  };
  return { run, ends };
}

test('a pass begins only when the one before of the same turn has ended, however that was', async () => {
  const turns = createTurns();
  const told: string[] = [];
  const [first, second] = [pass('first', told), pass('second', told)];
  const one = turns.take('cluster-change', first.run);
  const two = turns.take('cluster-change', second.run);
  first.ends.reject(new RangeError('the log is away'));
  await expect(one).rejects.toThrow('the log is away');
  second.ends.resolve();
  expect([await two, told]).toEqual(['second', ['first begins', 'second begins', 'second ends']]);
});

test('a pass without a turn waits for nobody', async () => {
  const turns = createTurns();
  const told: string[] = [];
  const slow = pass('slow', told);
  const waiting = turns.take('cluster-change', slow.run);
  expect(await turns.take(undefined, async () => 'at once')).toBe('at once');
  slow.ends.resolve();
  await waiting;
});
