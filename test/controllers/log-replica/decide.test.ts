import { describe, expect, test } from '@jest/globals';
import { decide } from '../../../src/controllers/log-replica/decide.ts';
import type { Replica } from '../../../src/state/genesis-record.ts';
import { genesisRecord, id, replica } from '../../support/controllers-entries.ts';

const second = replica(1, { serverName: `${id(1)}-2`, clientPort: 7_423, routePort: 7_623 });
const record = genesisRecord({ replicas: [replica(1), second, replica(2)] });

const worked = { fate: 'serve', leaderlessMs: null, logWorked: true } as const;
const look = { type: 'requeue', afterMs: 200 };
const watch = { type: 'requeue', afterMs: 1_000 };
const unseen = { ...worked, logWorked: false };
const restart = { type: 'restart', replica: replica(1), record };

function server(serverName: string, running = true) {
  return { serverName, running };
}
function start(wanted: Replica) {
  return { type: 'start', replica: wanted, record };
}

describe('log-replica.decide', () => {
  test.each([
    {
      when: 'nothing runs yet',
      servers: [],
      actions: [start(replica(1)), start(second)],
    },
    {
      when: 'one of two stopped',
      servers: [server(`${id(1)}-1`), server(`${id(1)}-2`, false)],
      actions: [start(second)],
    },
    {
      when: 'all run',
      servers: [server(`${id(1)}-1`), server(`${id(1)}-2`)],
      actions: [],
    },
    {
      when: 'a replica of an older epoch runs in its place',
      servers: [server(`${id(1)}-1`), server(`${id(1)}-9`), server(`${id(1)}-8`, false)],
      actions: [{ type: 'stop', serverName: `${id(1)}-9` }, start(second)],
    },
    {
      when: 'another node’s replica runs here',
      servers: [server(`${id(1)}-1`), server(`${id(1)}-2`), server(`${id(2)}-1`)],
      actions: [{ type: 'stop', serverName: `${id(2)}-1` }],
    },
  ])('when $when', ({ servers, actions }) => {
    expect(decide({ self: id(1), record, servers, ...worked })).toEqual(actions);
  });

  test('tells what keeps a replica from serving, and goes on looking', () => {
    const problem = { reason: 'log.port-taken', message: 'port 7950 is taken: free it' };
    const servers = [{ ...server(`${id(1)}-1`), problem }, server(`${id(1)}-2`)];
    expect(decide({ self: id(1), record, servers, ...worked })).toEqual([
      { ...watch, waiting: problem },
    ]);
  });

  test('leaves a node without replicas alone', () => {
    expect(decide({ self: id(3), record, servers: [], ...worked })).toEqual([]);
  });

  const both = [server(`${id(1)}-1`), server(`${id(1)}-2`)];

  test.each([
    { when: 'not all three answer', leaderlessMs: null, actions: [look] },
    { when: 'the early election is still open', leaderlessMs: 1_199, actions: [look] },
    { when: 'it was lost', leaderlessMs: 1_200, actions: [restart] },
  ])('the first replica of a log that never worked: when $when', ({ leaderlessMs, actions }) => {
    expect(decide({ self: id(1), record, servers: both, ...unseen, leaderlessMs })).toEqual(
      actions,
    );
  });

  test('only one node calls the election again', () => {
    const seen = { record, servers: [server(`${id(2)}-1`)], ...unseen, leaderlessMs: 9_000 };
    expect(decide({ self: id(2), ...seen })).toEqual([watch]);
  });

  test('a log that once worked is never restarted', () => {
    const seen = { record, servers: both, ...worked, leaderlessMs: 9_000 };
    expect(decide({ self: id(1), ...seen })).toEqual([]);
  });

  test('a node without replicas goes on to watch a log that it never saw', () => {
    expect(decide({ self: id(3), record, servers: [], ...unseen })).toEqual([watch]);
  });
});

describe('log-replica.decide, of a log that may be founded anew', () => {
  test.each([
    { when: 'they run', servers: [server(`${id(1)}-1`), server(`${id(1)}-2`)] },
    {
      when: 'one is down and may be brought back by the service manager',
      servers: [server(`${id(1)}-1`, false), server(`${id(1)}-2`)],
    },
    { when: 'none was ever started', servers: [server(`${id(1)}-9`)] },
  ])('a node that has to stop its replicas retires all of them when $when', ({ servers }) => {
    const seen = { ...unseen, fate: 'stop' } as const;
    expect(decide({ self: id(1), record, servers, ...seen })).toEqual([
      { type: 'retire', epoch: 1, serverNames: [`${id(1)}-1`, `${id(1)}-2`] },
    ]);
  });

  test.each([
    { when: 'are stopped', servers: [server(`${id(1)}-1`, false)], actions: [watch] },
    {
      when: 'were brought back by a reboot',
      servers: [server(`${id(1)}-1`), server(`${id(1)}-2`, false)],
      actions: [{ type: 'stop', serverName: `${id(1)}-1` }],
    },
  ])('replicas that were stopped for good stay so when they $when', ({ servers, actions }) => {
    const seen = { ...unseen, fate: 'stay-stopped', leaderlessMs: 9_000 } as const;
    expect(decide({ self: id(1), record, servers, ...seen })).toEqual(actions);
  });
});
