import { describe, expect, test } from '@jest/globals';
import type { OperationEvent } from '../../src/machines/operation.ts';
import {
  advance,
  FIRST_PROGRESS,
  type Progress,
  readProgress,
  writeProgress,
} from '../../src/machines/operation-progress.ts';
import { operationSchema } from '../../src/state/operation.ts';

const started: OperationEvent = { type: 'start.committed' };
const neverRan: OperationEvent = { type: 'command.never-ran' };
const ruledOut: OperationEvent = { type: 'attempt.ruled-out', reason: 'no worker is there' };
const exit1: OperationEvent = { type: 'command.ended', outcome: 'failed', reason: 'exit 1' };
const unproven: OperationEvent = { type: 'proof.missing' };
const proven: OperationEvent = { type: 'proof.found' };
const waited: OperationEvent = { type: 'backoff.elapsed' };
const cleaned: OperationEvent = { type: 'host.cleaned', attempts: 5 };
const failedAttempt = [started, exit1, unproven, waited, cleaned];

function liveThrough(events: readonly OperationEvent[], from: Progress = FIRST_PROGRESS): Progress {
  return events.reduce(advance, from);
}

function times(count: number): readonly OperationEvent[] {
  return Array.from({ length: count }, () => failedAttempt).flat();
}

describe('operation', () => {
  test.each<{ after: string; events: readonly OperationEvent[]; state: string; failures: number }>([
    { after: 'nothing', events: [], state: 'intended', failures: 0 },
    { after: 'a start', events: [started], state: 'running', failures: 0 },
    { after: 'an attempt that was ruled out', events: [ruledOut], state: 'failed', failures: 1 },
    {
      after: 'a start that can not be ruled out any more',
      events: [started, ruledOut],
      state: 'running',
      failures: 0,
    },
    { after: 'no start at all', events: [started, neverRan], state: 'intended', failures: 0 },
    {
      after: 'ten starts that never came about, and a failure',
      events: [...Array.from({ length: 10 }, () => [started, neverRan]).flat(), ...failedAttempt],
      state: 'intended',
      failures: 1,
    },
    {
      after: 'a start, an end, and word that there was no start',
      events: [started, exit1, neverRan],
      state: 'verifying',
      failures: 0,
    },
    { after: 'an exit code', events: [started, exit1], state: 'verifying', failures: 0 },
    { after: 'a proof', events: [started, exit1, proven], state: 'succeeded', failures: 0 },
    { after: 'a proof before any start', events: [proven], state: 'succeeded', failures: 0 },
    { after: 'no proof', events: [started, exit1, unproven], state: 'failed', failures: 1 },
    {
      after: 'a late proof',
      events: [started, exit1, unproven, proven],
      state: 'succeeded',
      failures: 1,
    },
    {
      after: 'a proof that comes during the reset',
      events: [started, exit1, unproven, waited, proven],
      state: 'resetting',
      failures: 1,
    },
    { after: 'a cleaned host', events: failedAttempt, state: 'intended', failures: 1 },
    {
      after: 'residue of a former life',
      events: [{ type: 'residue.found' }, cleaned],
      state: 'intended',
      failures: 0,
    },
    { after: 'four failures', events: times(4), state: 'intended', failures: 4 },
    { after: 'five failures', events: times(5), state: 'gave-up', failures: 5 },
    { after: 'more after giving up', events: times(6), state: 'gave-up', failures: 5 },
    {
      after: 'anything after success',
      events: [proven, ...times(5)],
      state: 'succeeded',
      failures: 0,
    },
  ])('is $state after $after', ({ events, state, failures }) => {
    expect(liveThrough(events)).toMatchObject({ state, failures });
  });

  test.each([
    { attempts: 1, state: 'gave-up', failures: 1 },
    { attempts: 2, state: 'gave-up', failures: 2 },
    { attempts: 20, state: 'intended', failures: 5 },
  ])(
    'is $state after five failures where there are $attempts attempts',
    ({ attempts, ...left }) => {
      const events = times(5).map((event) =>
        event.type === 'host.cleaned' ? { ...event, attempts } : event,
      );
      expect(liveThrough(events)).toMatchObject(left);
    },
  );

  test('keeps why the last command ended', () => {
    expect(liveThrough([started, exit1, unproven])).toEqual({
      state: 'failed',
      failures: 1,
      outcome: 'failed',
      reason: 'exit 1',
    });
  });

  test('goes on from a stored entry as if it had never stopped', () => {
    const events = [...times(2), started, exit1, proven];
    const throughTheLog = events.reduce((progress, event) => {
      const snapshot = writeProgress(advance(progress, event));
      const entry = {
        operationId: 'init',
        nodeId: 'aaaaaaaaaaa',
        incarnation: 1,
        term: 1,
        task: 'init',
      };
      const stored = operationSchema.parse(JSON.parse(JSON.stringify({ ...entry, snapshot })));
      return readProgress(stored.snapshot) ?? FIRST_PROGRESS;
    }, FIRST_PROGRESS);
    expect(throughTheLog).toEqual(liveThrough(events));
  });

  test.each([
    { of: 'another machine', change: { machine: 'node' } },
    { of: 'a newer version', change: { version: 2 } },
    { of: 'a state nobody knows', change: { value: 'frobnicating' } },
    { of: 'a context nobody knows', change: { context: { failures: 0, color: 'red' } } },
  ])('is not read from a snapshot of $of', ({ change }) => {
    expect(readProgress({ ...writeProgress(FIRST_PROGRESS), ...change })).toBeUndefined();
  });
});
