import { describe, expect, test } from '@jest/globals';
import { decide } from '../../../src/controllers/log-replica/decide.ts';
import type { Replica } from '../../../src/state/genesis-record.ts';
import { genesisRecord, id, replica } from '../../support/controllers-entries.ts';

const second = replica(1, { serverName: `${id(1)}-2`, clientPort: 7_423, routePort: 7_623 });
const record = genesisRecord({ replicas: [replica(1), second, replica(2)] });

const worked = { leaderlessMs: null, logWorked: true };
const look = { type: 'requeue', afterMs: 200 };
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

  test('leaves a node without replicas alone', () => {
    expect(decide({ self: id(3), record, servers: [], ...worked })).toEqual([]);
  });

  const both = [server(`${id(1)}-1`), server(`${id(1)}-2`)];

  test.each([
    { when: 'not all three answer', leaderlessMs: null, actions: [look] },
    { when: 'the early election is still open', leaderlessMs: 1_199, actions: [look] },
    { when: 'it was lost', leaderlessMs: 1_200, actions: [restart] },
  ])('the first replica of a log that never worked: when $when', ({ leaderlessMs, actions }) => {
    const seen = { record, servers: both, leaderlessMs, logWorked: false };
    expect(decide({ self: id(1), ...seen })).toEqual(actions);
  });

  test('only one node calls the election again', () => {
    const seen = { record, servers: [server(`${id(2)}-1`)], leaderlessMs: 9_000, logWorked: false };
    expect(decide({ self: id(2), ...seen })).toEqual([]);
  });

  test('a log that once worked is never restarted', () => {
    const seen = { record, servers: both, leaderlessMs: 9_000, logWorked: true };
    expect(decide({ self: id(1), ...seen })).toEqual([]);
  });
});
