import { describe, expect, test } from '@jest/globals';
import { RetryableError } from '../../src/errors.ts';
import { hear } from '../../src/formation/hear.ts';
import { type Knowledge, NOTHING_KNOWN } from '../../src/formation/knowledge.ts';
import { decidePushPull, type PushPullInput, sample } from '../../src/formation/push-pull.ts';
import {
  addTarget,
  noteAnswered,
  noteAsking,
  noteFailed,
  type Targets,
  troublesOf,
} from '../../src/formation/targets.ts';
import type { Hello } from '../../src/state/hello.ts';
import { formedOf, helloOf, nodeIdOf, selfOf } from './builders.ts';

const placeOf = (number: number) => ({ address: `192.0.2.${number}`, port: 7946 });
const NO_TARGETS: Targets = new Map();
const silence = new RetryableError('peer.unreachable', 'Nobody is there.');

function knowing(numbers: readonly number[], formed: Hello['formed'] = null): Knowledge {
  return numbers.reduce((known, number) => {
    const hearing = {
      hello: helloOf(number, { formed }),
      endpoint: placeOf(number),
      nowMs: 0,
      wallMs: 1_000_000,
    };
    return hear(known, selfOf(1), hearing).knowledge;
  }, NOTHING_KNOWN);
}

function decide(overrides: Partial<PushPullInput>) {
  return decidePushPull({
    knowledge: NOTHING_KNOWN,
    targets: NO_TARGETS,
    epoch: 0,
    roundDueMs: 1_000,
    nowMs: 0,
    random: () => 0,
    ...overrides,
  });
}

describe('decidePushPull', () => {
  test('an address that may lead to a stranger is tried as soon as it is known', () => {
    const targets = addTarget(
      addTarget(NO_TARGETS, placeOf(2), null, 0),
      placeOf(3),
      nodeIdOf(3),
      200,
    );
    expect(decide({ targets }).ask).toEqual([placeOf(2)]);
    expect(decide({ targets, nowMs: 200 }).ask).toEqual([placeOf(2), placeOf(3)]);
  });

  test('nobody is asked twice at one time', () => {
    const targets = noteAsking(addTarget(NO_TARGETS, placeOf(2), null, 0), placeOf(2), 0);
    expect(decide({ targets }).ask).toEqual([]);
  });

  test('who was met needs no first call, by whichever address it is known', () => {
    const targets = addTarget(
      addTarget(NO_TARGETS, placeOf(2), null, 0),
      placeOf(99),
      nodeIdOf(2),
      0,
    );
    expect(decide({ targets, knowledge: knowing([2]) }).ask).toEqual([]);
  });

  test('this node does not call itself', () => {
    const targets = noteAnswered(
      addTarget(NO_TARGETS, placeOf(1), null, 0),
      placeOf(1),
      nodeIdOf(1),
      'self',
      0,
    );
    expect(decide({ targets, nowMs: 60_000 }).ask).toEqual([]);
  });

  test('while forming, a round goes to three peers every half second', () => {
    const knowledge = knowing([2, 3, 4, 5, 6]);
    expect(decide({ knowledge, nowMs: 1_000 })).toEqual({
      ask: [placeOf(2), placeOf(3), placeOf(4)],
      roundDueMs: 1_450,
    });
    expect(decide({ knowledge, nowMs: 999 })).toEqual({ ask: [], roundDueMs: 1_000 });
  });

  test('when all are formed, a round goes to one peer every ten seconds', () => {
    const knowledge = knowing([2, 3], formedOf(1));
    expect(decide({ knowledge, nowMs: 1_000, epoch: 1 })).toEqual({
      ask: [placeOf(2)],
      roundDueMs: 10_000,
    });
  });

  test('a formed node sees to those that are not, as often as before', () => {
    const some = knowing([2, 3], formedOf(1));
    const knowledge = { ...some, peers: new Map([...some.peers, ...knowing([4, 5]).peers]) };
    expect(decide({ knowledge, nowMs: 1_000, epoch: 1 })).toEqual({
      ask: [placeOf(4), placeOf(5)],
      roundDueMs: 1_450,
    });
  });

  test('many addresses are tried a few at a time', () => {
    const numbers = Array.from({ length: 40 }, (_, index) => index + 2);
    const targets = numbers.reduce(
      (all, number) => addTarget(all, placeOf(number), null, 0),
      NO_TARGETS,
    );
    const { ask } = decide({ targets });
    expect(ask).toHaveLength(16);
    const asking = ask.reduce((all, place) => noteAsking(all, place, 0), targets);
    expect(decide({ targets: asking }).ask).toEqual([]);
  });
});

describe('targets', () => {
  const one = addTarget(NO_TARGETS, placeOf(2), null, 0);
  const dueOf = (targets: Targets) => [...targets.values()].map(({ dueMs }) => dueMs);
  const failing = (times: number) =>
    Array.from({ length: times }).reduce<Targets>(
      (all) => noteFailed(all, placeOf(2), silence, 0, 0.5),
      one,
    );

  test('a dead address is tried at longer and longer intervals', () => {
    expect([1, 2, 3, 4, 5, 6].map((times) => dueOf(failing(times))[0])).toEqual([
      500, 1_000, 2_000, 4_000, 8_000, 8_000,
    ]);
    expect(dueOf(failing(40))).toEqual([60_000]);
  });

  test('one that is announced again is tried soon', () => {
    const asked = noteFailed(
      noteAsking(failing(9), placeOf(2), 50_000),
      placeOf(2),
      silence,
      50_000,
      0.5,
    );
    expect(dueOf(addTarget(asked, placeOf(2), null, 50_100))).toEqual([51_000]);
    expect(dueOf(addTarget(asked, placeOf(2), null, 53_000))).toEqual([53_000]);
  });

  test('an address where others listen is told until it answers', () => {
    const foreign = new RetryableError('peer.foreign-key', 'Another token is used there.');
    const failed = noteFailed(one, placeOf(2), foreign, 0, 0);
    expect(troublesOf(failed)).toEqual(['Another token is used there.']);
    expect(troublesOf(noteFailed(failed, placeOf(2), silence, 0, 0))).toEqual([]);
    expect(troublesOf(noteAnswered(failed, placeOf(2), nodeIdOf(2), 'accepted', 0))).toEqual([]);
  });

  test('a refused node is asked again after five seconds', () => {
    expect(dueOf(noteAnswered(one, placeOf(2), nodeIdOf(2), 'refused', 1_000))).toEqual([6_000]);
  });

  test('forged announcements cost only the addresses that failed most', () => {
    const flood = Array.from({ length: 600 }, (_, index) => ({
      address: '198.51.100.1',
      port: index + 1,
    }));
    const good = noteAnswered(one, placeOf(2), nodeIdOf(2), 'accepted', 0);
    const targets = flood.reduce(
      (all, place) => noteFailed(addTarget(all, place, null, 0), place, silence, 0, 0),
      good,
    );
    expect(targets.size).toBe(512);
    expect([...targets.values()].some(({ nodeId }) => nodeId === nodeIdOf(2))).toBe(true);
  });
});

describe('sample', () => {
  test('gives different ones, and no more than there are', () => {
    const chosen = sample([1, 2, 3, 4], 3, () => 0.999);
    expect(chosen).toEqual([4, 3, 2]);
    expect(sample([1, 2], 3, () => 0)).toEqual([1, 2]);
    expect(sample([], 3, () => 0)).toEqual([]);
  });
});
