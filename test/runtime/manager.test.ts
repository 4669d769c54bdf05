import { describe, expect, test } from '@jest/globals';
import { RetryableError } from '../../src/errors.ts';
import type { Ports } from '../../src/ports/index.ts';
import type { Controller } from '../../src/runtime/controller.ts';
import type { Freeze } from '../../src/runtime/freeze.ts';
import { startManager } from '../../src/runtime/manager.ts';
import { register } from '../../src/runtime/registered-controller.ts';
import { createVirtualClock } from '../../src/simulation/virtual-clock.ts';
import type { Kind } from '../../src/state/kinds.ts';

interface Bench {
  readonly ports: Ports;
  readonly change: (kind: Kind) => void;
  readonly lead: () => void;
}

function bench(
  term: () => number | undefined,
): Bench & { clock: ReturnType<typeof createVirtualClock> } {
  const clock = createVirtualClock();
  const callbacks = new Set<(kind: Kind) => void>();
  const leads = new Set<() => void>();
  const silent = (): void => undefined;
  const ports = {
    clock,
    leadership: {
      term,
      onLead(callback: () => void) {
        leads.add(callback);
        return () => leads.delete(callback);
      },
    },
    log: { debug: silent, info: silent, warn: silent, error: silent },
    store: {
      onChange(callback: (kind: Kind) => void) {
        callbacks.add(callback);
        return () => callbacks.delete(callback);
      },
    },
  };
  // The manager and these controllers reach for nothing else.
  return {
    ports: ports as unknown as Ports,
    clock,
    change: (kind) => {
      for (const callback of callbacks) callback(kind);
    },
    lead: () => {
      for (const callback of leads) callback();
    },
  };
}

function counter(scope: 'leader' | 'node', passes: { count: number }) {
  const controller: Controller<number, { readonly type: 'never' }> = {
    name: 'counter',
    scope,
    inputs: ['spec'],
    outputs: [],
    observe: async () => {
      passes.count += 1;
      return passes.count;
    },
    decide: () => [],
    act: async () => undefined,
  };
  return register(controller);
}

/** Fails each pass as its code says; undefined: never. */
function failing(name: string, code: string | undefined, passes: { count: number }) {
  const controller: Controller<undefined, { readonly type: 'never' }> = {
    name,
    scope: 'node',
    inputs: [],
    outputs: [],
    async observe() {
      passes.count += 1;
      if (code !== undefined) throw new RetryableError(code, 'it is not there');
      return undefined;
    },
    decide: () => [],
    act: async () => undefined,
  };
  return register(controller);
}

test('a controller runs at the start, after a change of its inputs, and every ten seconds', async () => {
  const { ports, clock, change } = bench(() => 1);
  const passes = { count: 0 };
  const manager = startManager([counter('node', passes)], ports, () => undefined);
  await clock.advance(9_000);
  expect(passes.count).toBe(1);
  change('node');
  await clock.advance(100);
  expect(passes.count).toBe(1);
  change('spec');
  await clock.advance(100);
  expect(passes.count).toBe(2);
  await clock.advance(20_000);
  expect(passes.count).toBe(4);
  await clock.drive(manager.stop());
});

test('a leader controller runs only while this agent leads, and as soon as it does', async () => {
  const held: { term: number | undefined } = { term: undefined };
  const { ports, clock, lead } = bench(() => held.term);
  const passes = { count: 0 };
  const manager = startManager([counter('leader', passes)], ports, () => undefined);
  await clock.advance(5_000);
  expect(passes.count).toBe(0);
  held.term = 7;
  lead();
  await clock.advance(10);
  expect(passes.count).toBe(1);
  await clock.drive(manager.stop());
});

test.each([
  { code: 'x.down', more: 3 },
  { code: 'y.down', more: 0 },
  { code: undefined, more: 0 },
])(
  'of those that back off, who fails with a code that is told tries again at once: $code',
  async ({ code, more }) => {
    const { ports, clock } = bench(() => 1);
    const passes = { count: 0 };
    const manager = startManager([failing('one', code, passes)], ports, () => undefined);
    // In the middle of a back-off of 30 s, or of the 10 s until the next look.
    await clock.advance(65_000);
    const before = passes.count;
    manager.retryFailed(new Set(['x.down']));
    await clock.advance(2_000);
    expect(passes.count - before).toBe(more);
    await clock.drive(manager.stop());
  },
);

/** Wants the same two actions in each pass. */
function wanting(done: string[], despiteUnread?: readonly ('bring-back' | 'make')[]) {
  const controller: Controller<undefined, { readonly type: 'bring-back' | 'make' }> = {
    name: 'wanting',
    scope: 'node',
    inputs: ['replicas'],
    outputs: [],
    ...(despiteUnread && { despiteUnread }),
    observe: async () => undefined,
    decide: () => [{ type: 'make' }, { type: 'bring-back' }],
    act: async ({ type }) => void done.push(type),
  };
  return register(controller);
}

describe('a frozen manager', () => {
  const copy: Freeze = { type: 'copy' };
  const unread = (...kinds: readonly Kind[]): Freeze => ({ type: 'unread', kinds: new Set(kinds) });

  test.each([
    { why: 'by an entry', freeze: unread('assignment') },
    { why: 'as a copy of another one', freeze: copy },
  ])('begins no pass: $why', async ({ freeze }) => {
    const { ports, clock } = bench(() => 1);
    const passes = { count: 0 };
    const manager = startManager([counter('node', passes)], ports, () => freeze);
    await clock.advance(60_000);
    expect(passes.count).toBe(0);
    await clock.drive(manager.stop());
  });

  test.each([
    {
      when: 'an entry of another kind is unread',
      freeze: unread('assignment'),
      does: ['bring-back'],
    },
    { when: 'a kind is unknown', freeze: unread(), does: ['bring-back'] },
    { when: 'one of its own inputs is unread', freeze: unread('node', 'replicas'), does: [] },
    { when: 'the agent is a copy', freeze: copy, does: [] },
    { when: 'there is no freeze', freeze: undefined, does: ['bring-back', 'make'] },
  ])('carries out only what a controller names for that: when $when', async ({ freeze, does }) => {
    const { ports, clock } = bench(() => 1);
    const done: string[] = [];
    const manager = startManager([wanting(done, ['bring-back'])], ports, () => freeze);
    await clock.advance(5_000);
    expect([...new Set(done)].toSorted()).toEqual(does);
    await clock.drive(manager.stop());
  });

  test('carries out what it held back within a second or two of the end', async () => {
    const { ports, clock } = bench(() => 1);
    const done: string[] = [];
    const held: { freeze: Freeze | undefined } = { freeze: unread('assignment') };
    const manager = startManager([wanting(done, ['bring-back'])], ports, () => held.freeze);
    await clock.advance(120_000);
    held.freeze = undefined;
    await clock.advance(2_000);
    expect(done).toContain('make');
    await clock.drive(manager.stop());
  });
});

test('an idle agent has one timer for all of its controllers', async () => {
  const { ports, clock } = bench(() => 1);
  const counts = [{ count: 0 }, { count: 0 }, { count: 0 }];
  const manager = startManager(
    counts.map((passes) => counter('node', passes)),
    ports,
    () => undefined,
  );
  await clock.advance(15_000);
  expect(counts).toEqual([{ count: 2 }, { count: 2 }, { count: 2 }]);
  expect(clock.sleeperCount()).toBe(1);
  await clock.drive(manager.stop());
});

test('a pass that takes long delays neither the others nor what they are hinted at', async () => {
  const { ports, clock, change } = bench(() => 1);
  const [fast, slow] = [{ count: 0 }, { count: 0 }];
  const controller: Controller<number, { readonly type: 'never' }> = {
    name: 'slow',
    scope: 'node',
    inputs: ['spec'],
    outputs: [],
    async observe() {
      slow.count += 1;
      await clock.sleep(25_000);
      return slow.count;
    },
    decide: () => [],
    act: async () => undefined,
  };
  const manager = startManager(
    [register(controller), counter('node', fast)],
    ports,
    () => undefined,
  );
  await clock.advance(5_000);
  change('spec');
  await clock.advance(19_000);
  expect([slow.count, fast.count]).toEqual([1, 3]);
  await clock.advance(2_000);
  expect(slow.count).toBe(2);
  await clock.drive(manager.stop());
});
