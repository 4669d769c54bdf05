import { describe, expect, test } from '@jest/globals';
import { createReplicaCare } from '../../src/adapters/nats-replica-care.ts';
import type { ReplicaExamination } from '../../src/adapters/nats-replica-examination.ts';
import { createVirtualClock } from '../../src/simulation/virtual-clock.ts';
import { genesisRecord } from '../support/genesis-record.ts';
import { silentLog } from '../support/silent-log.ts';

const record = genesisRecord();
const [replica] = record.replicas;
const NAME = 'aaaaaaaaaaa-1';

interface Situation {
  readonly says: ReplicaExamination;
  /** What the server printed. */
  readonly printed: string;
  /** Whether the others hold all of the log while this one runs, and once it is halted. */
  readonly othersHoldAll: { readonly before: boolean; readonly after: boolean };
  readonly holder: string | undefined;
}

const SILENT: ReplicaExamination = { type: 'silent', reason: 'connection refused' };
const CORRUPT =
  "[7] [INF] Starting nats-server\n[7] [FTL] Can't start JetStream: raft: snapshot corrupt\n";
const QUIET: Situation = {
  says: SILENT,
  printed: '[7] [INF] Starting nats-server\n',
  othersHoldAll: { before: true, after: true },
  holder: undefined,
};

/** A replica in such a situation, looked after for some time; what was done to it, and its problem. */
async function lookedAfter(situation: Partial<Situation>, forMs = 4_000) {
  if (!replica) throw new Error('the record has three replicas');
  const { says, printed, othersHoldAll, holder } = { ...QUIET, ...situation };
  const clock = createVirtualClock();
  const done: string[] = [];
  const examined: number[] = [];
  const care = createReplicaCare({
    clock,
    log: silentLog,
    runner: {
      bringUp: async () => void done.push('bring up'),
      halt: async () => void done.push('halt'),
      lastWords: async () => printed,
      logPlace: () => 'its log',
      setStoreAside: async () => {
        done.push('set store aside');
        return '/quarantine/store-1';
      },
    },
    questions: {
      examine: async () => {
        examined.push(clock.nowMs());
        return says;
      },
      othersHoldAll: async (_replica, _record, led) =>
        led === 'by-anyone' ? othersHoldAll.before : othersHoldAll.after,
      portHolder: async () => holder,
    },
  });
  care.begin(replica, record);
  await clock.advance(forMs);
  return { care, clock, done, examined, problem: care.problem(NAME) };
}

describe('a replica that does not serve:', () => {
  const portTaken = `[7] [INF] Starting nats-server\n[7] [FTL] Error listening on port: 10.0.0.1:4222, "listen tcp 10.0.0.1:4222: bind: address already in use"\n`;

  test.each([
    {
      what: 'its port is taken by a program that can be seen',
      situation: { printed: portTaken, holder: 'nginx (process 7)' },
      reason: 'log.port-taken',
      message: `Port 4222 of 10.0.0.1, which the replica ${NAME} of the log needs, is taken by nginx (process 7): stop that program.`,
    },
    {
      what: 'its port is taken by a program that can not be seen',
      situation: { printed: portTaken },
      reason: 'log.port-taken',
      message: `Port 4222 of 10.0.0.1, which the replica ${NAME} of the log needs, is taken by another program: stop that program.`,
    },
    {
      what: 'the server ends for a reason of its own',
      situation: {
        printed: '[7] [INF] Starting nats-server\n[7] [FTL] storage is not a directory\n',
      },
      reason: 'log.replica-ended',
      message: `The replica ${NAME} of the log ends as soon as it is started (storage is not a directory): cure that, or see its log.`,
    },
    {
      what: 'its store is damaged, and the others do not hold all of the log',
      situation: { printed: CORRUPT, othersHoldAll: { before: false, after: true } },
      reason: 'log.replica-damaged',
      message: `The store of the replica ${NAME} is damaged (Can't start JetStream: raft: snapshot corrupt): bring back the other two replicas, and it is made anew from these.`,
    },
  ])('$what', async ({ situation, reason, message }) => {
    expect((await lookedAfter(situation)).problem).toEqual({ reason, message });
  });

  test('one that runs and may not be trusted has the problem that it was found to have', async () => {
    const problem = { reason: 'log.not-durable', message: 'it does not write' };
    const seen = await lookedAfter({ says: { type: 'unfit', problem } });
    expect(seen).toMatchObject({ problem, done: [] });
  });

  test('one that only prints nothing has a problem after 15 s, as a large store takes time', async () => {
    expect((await lookedAfter({}, 15_000)).problem).toBeUndefined();
    expect((await lookedAfter({}, 25_000)).problem).toEqual({
      reason: 'log.replica-unreachable',
      message: `The replica ${NAME} does not answer at 10.0.0.1 port 4222 (connection refused): see its log.`,
    });
  });

  test('one that waits for the others has no problem, and is left alone', async () => {
    const { problem, done, care } = await lookedAfter({
      says: { type: 'unwell', reason: 'no leader' },
    });
    expect([problem, done, care.isBringingUp(NAME)]).toEqual([undefined, [], true]);
  });

  test('what an earlier run of the server said is not held against this one', async () => {
    const printed = `${CORRUPT}[8] [INF] Starting nats-server\n`;
    expect(await lookedAfter({ printed })).toMatchObject({
      problem: undefined,
      done: ['bring up', 'bring up', 'bring up'],
    });
  });
});

describe('a damaged store', () => {
  const looks = (done: readonly string[]) => done.join(', ');

  test.each([
    { how: 'the server ends', says: SILENT, printed: CORRUPT },
    {
      how: 'the server runs without one of the buckets',
      says: { type: 'unwell', reason: 'stream assignment error: raft: snapshot corrupt' } as const,
      printed: QUIET.printed,
    },
  ])('is set aside once the others go on without it: $how', async ({ says, printed }) => {
    const { done } = await lookedAfter({ says, printed }, 600);
    expect(looks(done)).toBe('halt, set store aside, bring up');
  });

  test('stays when the others do not hold all of the log, and nobody is disturbed', async () => {
    const othersHoldAll = { before: false, after: true };
    expect(looks((await lookedAfter({ printed: CORRUPT, othersHoldAll })).done)).toBe('');
  });

  test('stays when the others elect no leader without it, and it is started again', async () => {
    const othersHoldAll = { before: true, after: false };
    const { done, problem } = await lookedAfter({ printed: CORRUPT, othersHoldAll }, 21_000);
    expect(looks(done)).toBe('halt, bring up');
    expect(problem).toMatchObject({ reason: 'log.replica-damaged' });
  });

  test('stays when the replica is given up before the others have elected', async () => {
    const othersHoldAll = { before: true, after: false };
    const { done, care, clock } = await lookedAfter({ printed: CORRUPT, othersHoldAll }, 5_000);
    await care.end(NAME);
    await clock.advance(60_000);
    expect(looks(done)).toBe('halt');
  });
});

test('a replica that serves is looked at every five minutes', async () => {
  const { care, examined } = await lookedAfter({ says: { type: 'fit' } }, 400_000);
  expect([care.isBegun(NAME), care.isBringingUp(NAME)]).toEqual([true, false]);
  expect(examined).toEqual([500, 300_500]);
});
