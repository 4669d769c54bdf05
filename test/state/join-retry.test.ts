import { expect, test } from '@jest/globals';
import type { Task } from '../../src/state/assignment.ts';
import { backOffMs, retryOf, USUAL_RETRY } from '../../src/state/join-retry.ts';
import { spec } from '../support/controllers-entries.ts';

const RETRY = { attempts: 2, afterSeconds: 30 };
const wanted = spec({ replacement: { ...spec().replacement, retry: RETRY } });

test.each<[Task, typeof RETRY]>([
  ['join-control-plane', RETRY],
  ['join-worker', RETRY],
  ['init', USUAL_RETRY],
  ['promote', USUAL_RETRY],
  ['demote', USUAL_RETRY],
  ['retire', USUAL_RETRY],
])('what the spec says of retries counts for joins alone: %s', (task, retry) => {
  expect(retryOf(task, wanted)).toEqual(retry);
  expect([retryOf(task, undefined), spec().replacement.retry]).toEqual([USUAL_RETRY, USUAL_RETRY]);
});

test('each wait is twice as long as the one before', () => {
  expect([1, 2, 3, 4].map((failures) => backOffMs(RETRY, failures))).toEqual([
    30_000, 60_000, 120_000, 240_000,
  ]);
});
