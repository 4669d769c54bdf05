import { describe, expect, test } from '@jest/globals';
import { decide } from '../../../src/controllers/log-replica/decide.ts';
import type { Replica } from '../../../src/state/genesis-record.ts';
import { genesisRecord, id, replica } from '../../support/controllers-entries.ts';

const second = replica(1, { serverName: `${id(1)}-2`, clientPort: 7_423, routePort: 7_623 });
const record = genesisRecord({ replicas: [replica(1), second, replica(2)] });

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
    expect(decide({ self: id(1), record, servers })).toEqual(actions);
  });

  test('leaves a node without replicas alone', () => {
    expect(decide({ self: id(3), record, servers: [] })).toEqual([]);
  });
});
