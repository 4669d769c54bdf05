import { describe, expect, test } from '@jest/globals';
import { decide } from '../../../src/controllers/departure/decide.ts';
import type { Departing, SponsoredDeparture } from '../../../src/controllers/departure/observed.ts';
import {
  dead,
  departure,
  entry,
  living,
  lost,
  nodeSight,
  observed,
  SPONSOR,
  threeOneDead,
  two,
  WALL_MS,
} from './sights.ts';

describe('what the log is told', () => {
  const waiting = {
    reason: 'liveness',
    message: 'an older sentence',
    sinceWallMs: WALL_MS - 9_000,
  };
  const seen = { health: two, node: undefined };
  const unsure: Departing = { ...dead, life: 'unknown' };

  function told(of: Departing, before: SponsoredDeparture['entry']) {
    const departures = [departure(of, { entry: before, cluster: seen })];
    return decide(observed({ departures })).flatMap((each) => {
      if (each.type !== 'report') return [];
      const { by, state, waiting: wait, operationId } = each.departure;
      const since = wait?.sinceWallMs;
      return [{ by, state, reason: wait?.reason, since, operationId, ifRevision: each.ifRevision }];
    });
  }

  const report = { by: SPONSOR, operationId: 'retire-1', ifRevision: 40 };
  const waits = { ...report, state: 'under-way', reason: 'liveness' };

  test.each<[string, Departing, SponsoredDeparture['entry'], unknown]>([
    ['the first wait, dated', unsure, undefined, { ...waits, since: WALL_MS, ifRevision: 0 }],
    [
      'a wait over an entry of another departure',
      unsure,
      entry({ operationId: 'demote-7', waiting }),
      { ...waits, since: WALL_MS },
    ],
    [
      'another sentence, with the date of the first',
      unsure,
      entry({ waiting }),
      { ...waits, since: WALL_MS - 9_000 },
    ],
    [
      'a new sponsor',
      unsure,
      entry({ by: 'bbbbbbbbbbb', waiting }),
      { ...waits, since: WALL_MS - 9_000 },
    ],
    [
      'the end',
      dead,
      entry({ waiting }),
      { ...report, state: 'done', reason: undefined, since: undefined },
    ],
  ])('%s', (_, of, before, expected) => {
    expect(told(of, before)).toEqual([expected]);
  });

  test('nothing while nothing changed', () => {
    const [first] = decide(observed({ departures: [departure(unsure)] }));
    if (first?.type !== 'report') throw new Error('nothing was told');
    expect(told(unsure, entry(first.departure))).toEqual([]);
  });

  test('the intent before the first step', () => {
    const cluster = { health: threeOneDead, node: lost };
    const departures = [departure(dead, { entry: undefined, cluster })];
    expect(decide(observed({ departures })).map(({ type }) => type)).toEqual([
      'report',
      'save-snapshot',
      'remove-member',
    ]);
  });
});

test.each([
  ['nothing', {}, ['forget']],
  ['a cordon', { 'civitas.dev/cordoned-for': 'x' }, ['uncordon', 'forget']],
  ['a taint', { 'civitas.dev/out-of-service-for': 'x' }, ['put-into-service', 'forget']],
])('a departure that was withdrawn is forgotten once %s is undone', (_, labels, types) => {
  const begun = entry();
  const withdrawn = begun ? [{ entry: begun, node: 'n3', labels }] : [];
  expect(decide(observed({ withdrawn })).map(({ type }) => type)).toEqual(types);
});

test('whoever may not act yet looks again soon, and whoever sees nobody out does not', () => {
  expect(decide(observed({ mayNotActYet: true }))).toEqual([{ type: 'requeue', afterMs: 2_000 }]);
  expect(decide(observed({}))).toEqual([]);
});

test('what can not be seen is waited for, of all departures at once', () => {
  const unseen = { reason: 'etcd-not-healthy', message: 'etcd does not answer' };
  const departures = [
    departure(dead, { cluster: { unseen } }),
    departure(
      {
        ...living,
        nodeId: 'ddddddddddd',
        operationId: 'retire-2',
        hostname: 'n4',
        addresses: ['10.0.0.4'],
      },
      {
        entry: undefined,
        cluster: { health: two, node: nodeSight() },
      },
    ),
  ];
  expect(decide(observed({ departures })).map(({ type }) => type)).toEqual([
    'report',
    'report',
    'cordon',
    'requeue',
  ]);
});
