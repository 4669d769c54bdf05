import { describe, expect, test } from '@jest/globals';
import { RetryableError } from '../../src/errors.ts';
import { type Decided, keepEvent, MOST_EVENTS } from '../../src/runtime/keep-event.ts';
import { id, liveness, node } from '../support/controllers-entries.ts';
import { createWorld, portsIn, type World } from '../support/controllers-ports.ts';

const decided: Decided = {
  controller: 'membership',
  term: 7,
  about: node(2),
  operationId: null,
  reasons: {
    action: 'verdict',
    summary: 'n2 is dead',
    guards: [{ name: 'evidence', passed: true, message: 'it said nothing' }],
    rejected: [],
  },
};

function leading(): World {
  return Object.assign(createWorld(), { term: 7, nowMs: 1_700_000_000_123.4 });
}

/** Writes the verdict on n2, if its revision is still that. */
function judge(world: World, ifRevision = 0) {
  const write = () =>
    world.store.put('liveness', id(2), liveness(2, { verdict: 'dead' }), ifRevision);
  return keepEvent(portsIn(world), decided, write);
}

function kept(world: World): readonly string[] {
  return world.store.list('event').map(({ key }) => key);
}

describe('an event', () => {
  test('tells who decided what, when, from which revision and why, and stands in the log before the decision', async () => {
    const world = leading();
    await world.store.set('node', id(2), node(2));
    expect(await judge(world)).toBe(3);
    expect(world.store.list('event')).toEqual([
      {
        kind: 'event',
        key: '01700000000123-verdict-bbbbbbbbbbb',
        revision: 2,
        value: {
          eventId: '01700000000123-verdict-bbbbbbbbbbb',
          wallMs: 1_700_000_000_123,
          by: id(1),
          term: 7,
          controller: 'membership',
          action: 'verdict',
          nodeId: id(2),
          hostname: 'n2',
          operationId: null,
          summary: 'n2 is dead',
          revision: 1,
          guards: decided.reasons.guards,
          rejected: [],
        },
      },
    ]);
  });

  test('is taken back when somebody else changed first what was decided about', async () => {
    const world = leading();
    await expect(judge(world, 5)).rejects.toMatchObject({ code: 'store.conflict' });
    expect(kept(world)).toEqual([]);
  });

  test('is taken back when the term ended before the decision was written', async () => {
    const world = leading();
    const put = world.store.put.bind(world.store);
    world.store.put = async (...args) => {
      const revision = await put(...args);
      world.term = 8;
      return revision;
    };
    await expect(judge(world)).rejects.toMatchObject({ code: 'leadership.lost' });
    expect(kept(world)).toEqual([]);
    expect(world.store.list('liveness')).toEqual([]);
  });

  test('is not even written by who leads no more', async () => {
    const world = Object.assign(leading(), { term: undefined });
    await expect(judge(world)).rejects.toMatchObject({ code: 'leadership.lost' });
    expect(world.store.revision).toBe(0);
  });

  test('stays when nobody can tell whether the decision was written', async () => {
    const world = leading();
    const lost = new RetryableError('store.unavailable', 'no answer');
    const writing = keepEvent(portsIn(world), decided, () => Promise.reject(lost));
    await expect(writing).rejects.toBe(lost);
    expect(kept(world)).toHaveLength(1);
  });

  test('with more to say than an entry may hold is cut short, and the decision is taken', async () => {
    const world = leading();
    const long = 'x'.repeat(2_000);
    const reasons = {
      action: 'verdict',
      summary: long,
      guards: Array.from({ length: 40 }, () => ({ name: long, passed: true, message: long })),
      rejected: Array.from({ length: 80 }, () => ({ nodeId: id(3), hostname: 'n3', reason: long })),
    };
    await keepEvent(portsIn(world), { ...decided, reasons }, async () => undefined);
    const [event] = world.store.list('event');
    expect(event?.value).toMatchObject({
      summary: 'x'.repeat(1_000),
      guards: { length: 32 },
      rejected: { length: 64 },
    });
  });
});

describe('the log keeps the last 500 events', () => {
  async function decide(world: World, times: number): Promise<void> {
    for (let count = 0; count < times; count += 1) {
      world.nowMs += 1;
      await keepEvent(portsIn(world), decided, async () => undefined);
    }
  }

  test('however many there are', async () => {
    const world = leading();
    await decide(world, 2 * MOST_EVENTS);
    const events = kept(world);
    expect(events).toHaveLength(MOST_EVENTS);
    expect(events.at(-1)).toBe('01700000001123-verdict-bbbbbbbbbbb');
  });

  test('and by what the log says is older, whatever the clocks of the writers said', async () => {
    const world = leading();
    await decide(world, MOST_EVENTS);
    world.nowMs -= 3_600_000;
    await decide(world, 1);
    expect(kept(world)).toContain('01699996400624-verdict-bbbbbbbbbbb');
    expect(kept(world)).toHaveLength(MOST_EVENTS);
  });

  test('a few too many, of agents that do not lead, go a few at a time', async () => {
    const world = leading();
    world.term = undefined;
    const ofNode = { ...decided, term: null };
    for (let count = 0; count < MOST_EVENTS + 12; count += 1) {
      world.nowMs += 1;
      await keepEvent(portsIn(world), ofNode, async () => undefined);
    }
    expect(kept(world)).toHaveLength(MOST_EVENTS + 12);
    world.term = 7;
    await decide(world, 1);
    expect(kept(world)).toHaveLength(MOST_EVENTS + 8);
    await decide(world, 3);
    expect(kept(world)).toHaveLength(MOST_EVENTS);
  });
});
