import { describe, expect, test } from '@jest/globals';
import { decide } from '../../../src/controllers/log-replica/decide.ts';
import type { Replica } from '../../../src/state/genesis-record.ts';
import { genesisReplicas, type Replicas } from '../../../src/state/replicas.ts';
import { genesisRecord, id, replica } from '../../support/controllers-entries.ts';

const second = replica(1, { serverName: `${id(1)}-2`, clientPort: 7_423, routePort: 7_623 });
const record = genesisRecord({ replicas: [replica(1), second, replica(2)] });

const genesis = {
  replicas: genesisReplicas(record),
  word: 'log',
  toldGeneration: undefined,
} as const;
const worked = {
  fate: 'serve',
  leaderlessMs: null,
  restarts: 0,
  logWorked: true,
  ...genesis,
} as const;
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
function resume(wanted: Replica) {
  return { type: 'resume', replica: wanted, record };
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
      actions: [resume(second)],
    },
    {
      when: 'one of two stopped, and the other was never made',
      servers: [server(`${id(1)}-2`, false)],
      actions: [start(replica(1)), resume(second)],
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
      servers: [server(`${id(1)}-1`), server(`${id(1)}-2`), server(`${id(2)}-8`)],
      actions: [{ type: 'stop', serverName: `${id(2)}-8` }],
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

  test.each([
    { restarts: 1, leaderlessMs: 2_399, actions: [look] },
    { restarts: 1, leaderlessMs: 2_400, actions: [restart] },
    { restarts: 3, leaderlessMs: 9_599, actions: [look] },
    { restarts: 3, leaderlessMs: 9_600, actions: [restart] },
    { restarts: 9, leaderlessMs: 20_000, actions: [restart] },
  ])(
    'gives each election twice the time of the last, up to 20 s: after $restarts restarts and $leaderlessMs ms',
    ({ actions, ...seen }) => {
      expect(decide({ self: id(1), record, servers: both, ...unseen, ...seen })).toEqual(actions);
    },
  );

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

describe('log-replica.decide, of a log whose replicas moved', () => {
  const mine = replica(1, { serverName: `${id(1)}-1000002` });
  const moved: Replicas = {
    generation: 2,
    replicas: [replica(2), replica(3), mine],
    leaving: replica(1),
  };
  const others: Replicas = { ...moved, replicas: [replica(2), replica(3), replica(4)] };
  const set = genesisRecord();
  const seen = { self: id(1), record: set, ...worked, toldGeneration: 2 };
  const running = [server(mine.serverName), server(`${id(1)}-1`)];

  test('starts what a set asks of this node, from that set', () => {
    const servers = [server(`${id(1)}-1`)];
    expect(decide({ ...seen, replicas: moved, servers })).toEqual([
      { type: 'start', replica: mine, record: { ...set, replicas: moved.replicas } },
    ]);
  });

  test('keeps the one that leaves until the set says that its move is over', () => {
    expect(decide({ ...seen, replicas: moved, servers: running })).toEqual([]);
    const over = { ...moved, generation: 3, leaving: null };
    const toldGeneration = 3;
    expect(decide({ ...seen, replicas: over, servers: running, toldGeneration })).toEqual([
      { type: 'discard', serverName: `${id(1)}-1` },
    ]);
  });

  test.each(['members', 'copy'] as const)(
    'leaves what it misses in a set alone that the log did not confirm (%s)',
    (word) => {
      const older = { ...others, generation: 1, leaving: null };
      expect(decide({ ...seen, replicas: older, word, servers: running })).toEqual([
        ...(word === 'members' ? [{ type: 'refresh', generation: 1, told: [] }] : []),
      ]);
    },
  );

  test('removes also what does not run and lost its place', () => {
    const servers = [server(`${id(1)}-1`, false)];
    const over = { ...others, leaving: null };
    expect(decide({ ...seen, replicas: over, servers })).toEqual([
      { type: 'discard', serverName: `${id(1)}-1` },
    ]);
  });

  const stopped = [server(mine.serverName, false)];
  const own = { replica: mine, record: { ...set, replicas: moved.replicas } };
  const settled = { ...moved, leaving: null };

  test.each([
    { word: 'log', servers: stopped, actions: [{ type: 'resume', ...own }] },
    { word: 'members', servers: stopped, actions: [{ type: 'resume', ...own }] },
    { word: 'copy', servers: [], actions: [{ type: 'start', ...own }] },
  ] as const)('starts on the word of $word: $servers', ({ word, servers, actions }) => {
    expect(decide({ ...seen, replicas: settled, word, servers })).toEqual(actions);
  });

  test('does not bring back a server on the word of its own old copy', () => {
    expect(decide({ ...seen, replicas: settled, word: 'copy', servers: stopped })).toEqual([
      {
        ...watch,
        waiting: {
          reason: 'replica-unconfirmed',
          message: `waiting for the log, or another machine with a replica of it, to say that ${mine.serverName} still is one: start these machines; after a minute without them it is started`,
        },
      },
    ]);
  });

  test('tells a server that runs where the others are now', () => {
    const servers = [server(mine.serverName)];
    const told = [{ replica: mine, record: { ...set, replicas: moved.replicas } }];
    expect(decide({ ...seen, replicas: settled, servers, toldGeneration: 1 })).toEqual([
      { type: 'refresh', generation: 2, told },
    ]);
  });
});
