import { describe, expect, test } from '@jest/globals';
import type { LocalChanges } from '../../src/adapters/local-api-server.ts';
import { TerminalError } from '../../src/errors.ts';
import type { DrainState } from '../../src/state/drain-state.ts';
import type { KnownLog } from '../../src/state/known-log.ts';
import { id, node } from '../support/controllers-entries.ts';
import { ask } from '../support/process-ask.ts';
import { refusal } from '../support/process-command.ts';
import { order } from '../support/rollout-entries.ts';
import { keyed, knownLog } from '../support/why-entries.ts';

/** Programs start slowly on a busy machine. */
const DEADLINE_MS = 60_000;
const OPERATION = 'drain-d-1';

const changes: LocalChanges = {
  '/v1/drain': async () => ({ revision: 60, summary: 'n4 was asked to give its pods away' }),
  '/v1/uncordon': async () => ({ revision: 70, summary: 'n4 may take pods again' }),
};

/** The log while people want n4 drained, and what became of it. */
function log(state?: Partial<DrainState>): KnownLog {
  const request = { type: 'drain', nodeId: id(4), incarnation: 1, askedWallMs: 1 } as const;
  const asked = order(4, { task: 'drain', operationId: OPERATION, planId: null });
  const drain: DrainState = {
    nodeId: id(4),
    incarnation: 1,
    operationId: OPERATION,
    by: id(1),
    state: 'draining',
    podsLeft: 2,
    waiting: null,
    ...state,
  };
  return knownLog({
    nodes: [keyed('node', id(4), node(4))],
    requests: [keyed('request', id(4), request)],
    ...(state && {
      orders: [keyed('order', id(4), asked)],
      drains: [keyed('drain', id(4), drain)],
    }),
  });
}

describe('civitas drain', () => {
  test(
    'asks, and says how to follow it',
    async () => {
      expect(await ask('drain n4', { changes })).toEqual({
        exitCode: 0,
        stdout:
          'Revision 60: n4 was asked to give its pods away.\nSee how far it is with `civitas drain n4 --wait`.\n',
        stderr: '',
      });
    },
    DEADLINE_MS,
  );

  test(
    'waits until the node is empty, and tells once what it waits for',
    async () => {
      const waiting = { reason: 'drain-blocked', message: 'web-0 stays', sinceWallMs: 1 };
      const former = { operationId: 'drain-d-0', state: 'drained' } as const;
      const answers = [log(), log(former), log({ waiting }), log({ waiting })];
      const done = log({ state: 'drained', podsLeft: 0 });
      const api = { '/v1/known-log': async () => answers.shift() ?? done };
      expect(await ask('drain n4 --wait', { changes, api })).toEqual({
        exitCode: 0,
        stdout: [
          'Revision 60: n4 was asked to give its pods away.',
          '  waiting: web-0 stays',
          'n4 is empty, and takes pods again after `civitas uncordon n4`.',
          '',
        ].join('\n'),
        stderr: '',
      });
    },
    DEADLINE_MS,
  );

  test(
    'ends when somebody takes it back',
    async () => {
      const api = { '/v1/known-log': async () => ({ ...log(), requests: [] }) };
      expect(await ask('drain n4 --wait', { changes, api })).toMatchObject({
        exitCode: 1,
        stderr: expect.stringMatching(/^civitas: Somebody took it back .*\[drain\.withdrawn\]\n$/),
      });
    },
    DEADLINE_MS,
  );

  test.each([
    { code: 'drain.last-control-plane', exitCode: 2 },
    { code: 'drain.unknown-node', exitCode: 2 },
    { code: 'drain.leaves', exitCode: 1 },
  ] as const)(
    'exits with $exitCode for $code',
    async ({ code, exitCode }) => {
      const refusing = { '/v1/drain': () => Promise.reject(new TerminalError(code, 'It stays.')) };
      expect(await ask('drain n4', { changes: refusing })).toEqual(
        refusal(exitCode, `It stays. [${code}]`),
      );
    },
    DEADLINE_MS,
  );
});

test(
  'civitas uncordon takes it back',
  async () => {
    expect(await ask('uncordon n4', { changes })).toEqual({
      exitCode: 0,
      stdout: 'Revision 70: n4 may take pods again.\n',
      stderr: '',
    });
  },
  DEADLINE_MS,
);
