import { describe, expect, test } from '@jest/globals';
import { decide } from '../../../src/controllers/departure/decide.ts';
import { removalTroubleOf } from '../../../src/controllers/departure/etcd-removal.ts';
import type { EtcdHealth } from '../../../src/ports/etcd.ts';
import {
  course,
  dead,
  departure,
  empty,
  living,
  lost,
  type Member,
  member,
  observed,
  silent,
  three,
  threeOneDead,
  two,
} from './sights.ts';

describe('a node that leaves etcd', () => {
  test.each<[string, EtcdHealth, string]>([
    [
      'an alarm',
      { ...threeOneDead, alarms: [{ memberId: 'm2', kind: 'NOSPACE' }] },
      'etcd has the alarm NOSPACE on member n2 (m2): nothing is changed until it is cured and disarmed',
    ],
    [
      'an alarm of a member that is gone',
      { ...threeOneDead, alarms: [{ memberId: 'm9', kind: 'CORRUPT' }] },
      'etcd has the alarm CORRUPT on member m9: nothing is changed until it is cured and disarmed',
    ],
    [
      'no quorum before',
      { ...three, members: [member(1), member(2, silent), member(3, silent)] },
      'etcd has 1 healthy voters of 3 and needs 2 to agree on anything',
    ],
    [
      'a voter without a leader',
      {
        ...three,
        members: [
          member(1),
          member(2, { status: { ...member(2).status, leaderId: null } as Member['status'] }),
          member(3, silent),
        ],
      },
      'etcd has 1 healthy voters of 3 and needs 2 to agree on anything',
    ],
    [
      'a voter for which another one answers',
      {
        ...three,
        members: [member(1), member(2, { status: member(1).status }), member(3, silent)],
      },
      'etcd has 1 healthy voters of 3 and needs 2 to agree on anything',
    ],
    [
      'a voter that complains',
      {
        ...three,
        members: [
          member(1),
          member(2, { status: { ...member(2).status, errors: ['x'] } as Member['status'] }),
          member(3, silent),
        ],
      },
      'etcd has 1 healthy voters of 3 and needs 2 to agree on anything',
    ],
    [
      'no other voter',
      { ...three, members: [member(3, silent)] },
      'etcd has 0 healthy voters of 1 and needs 1 to agree on anything',
    ],
  ])('stays in etcd with %s', (_, health, message) => {
    const steps = ['wait: etcd-not-healthy'];
    expect(course(dead, { health, node: lost })).toEqual({ steps, done: false, message });
  });

  test('stays in etcd as the only voter', () => {
    const { message } = course(living, { health: { ...two, members: [member(3)] }, node: empty });
    expect(message).toBe('n3 (m3) is the only voter of etcd');
  });

  test('stays in etcd while those that stay would have no quorum', () => {
    const health = { ...three, members: [member(1), member(2, silent), member(3)] };
    expect(course(living, { health, node: empty })).toEqual({
      steps: ['wait: etcd-not-healthy'],
      done: false,
      message: 'without n3 (m3) etcd would have 1 healthy voters of 2 and needs 2',
    });
  });

  test('has not left while a member has its name and the address of nobody', () => {
    const stray = member(3, { peerUrls: ['https://10.0.0.33:2380'] });
    const health = { ...two, members: [...two.members, stray] };
    expect(course(dead, { health, node: undefined })).toEqual({
      steps: ['wait: contradiction'],
      done: false,
      message:
        'member n3 (m3) of etcd has the name of n3 and the address of no node (https://10.0.0.33:2380): correct it with `etcdctl member update`, or remove it',
    });
  });

  test('gives the lead of etcd to the sponsor itself, and else to another healthy voter', () => {
    const members = [member(2, {}, 'm3'), member(1, {}, 'm3'), member(3, {}, 'm3')];
    const toIds = [
      members,
      [member(1, silent), member(2, {}, 'm3'), member(3, {}, 'm3'), member(4, {}, 'm3')],
    ].map((voters) => {
      const cluster = { health: { members: voters, alarms: [] }, node: empty };
      return decide(observed({ departures: [departure(living, { cluster })] }));
    });
    expect(toIds).toEqual([
      [{ type: 'move-leader', of: living, toId: 'm1' }],
      [{ type: 'move-leader', of: living, toId: 'm2' }],
    ]);
  });
});

test('no member is removed under an alarm, however healthy all members say they are', () => {
  const health = { ...threeOneDead, alarms: [{ memberId: 'm2', kind: 'NOSPACE' }] } as const;
  expect(removalTroubleOf(health, 'm3')).toBe('etcd has the alarm NOSPACE');
});
