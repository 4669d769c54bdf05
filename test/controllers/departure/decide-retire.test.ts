import { describe, expect, test } from '@jest/globals';
import type {
  ClusterSight,
  Departing,
  NodeSight,
} from '../../../src/controllers/departure/observed.ts';
import {
  course,
  dead,
  empty,
  living,
  lost,
  member,
  nodeSight,
  pod,
  silent,
  tainted,
  three,
  threeOneDead,
  two,
  volume,
} from './sights.ts';

describe('a node that retires', () => {
  const REMOVAL = ['save-snapshot', 'remove-member'];

  test.each<[string, Departing, ClusterSight, readonly string[]]>([
    ['dead: its member goes first', dead, { health: threeOneDead, node: lost }, REMOVAL],
    [
      'dead, without a Node: its member goes',
      dead,
      { health: threeOneDead, node: undefined },
      REMOVAL,
    ],
    [
      'dead, a learner: goes',
      dead,
      {
        health: {
          ...two,
          members: [...two.members, member(3, { learner: true, name: '', ...silent })],
        },
        node: lost,
      },
      REMOVAL,
    ],
    [
      'dead: is declared out of service',
      dead,
      { health: two, node: lost },
      ['declare-out-of-service'],
    ],
    [
      'dead: volumes are waited for',
      dead,
      { health: two, node: { ...tainted, attachments: [volume] } },
      ['wait: draining'],
    ],
    ['dead: its Node goes', dead, { health: two, node: tainted }, ['delete-node']],
    [
      'dead, with a kubelet that beats: stays',
      dead,
      { health: threeOneDead, node: { ...lost, beat: 'it beats' } },
      ['wait: contradiction'],
    ],
    [
      'dead and out of service, with a kubelet that beats: is in service again',
      dead,
      {
        health: two,
        node: {
          ...tainted,
          beat: 'it beats',
          marks: { ...tainted.marks, labels: { 'civitas.dev/out-of-service-for': 'retire-1' } },
        },
      },
      ['put-into-service', 'wait: contradiction'],
    ],
    [
      'dead, with an etcd that answers: stays',
      dead,
      { health: three, node: lost },
      ['wait: contradiction'],
    ],
    [
      'neither dead nor alive: stays',
      { ...dead, life: 'unknown' },
      { health: three, node: nodeSight() },
      ['wait: liveness'],
    ],
    [
      'alive: is cordoned first',
      living,
      { health: three, node: nodeSight({ pods: [pod] }) },
      ['cordon'],
    ],
    [
      'alive, and its agent has not begun: nothing goes before a join there has ended',
      { ...living, hasBegun: false },
      { health: two, node: empty },
      ['wait: host-begins'],
    ],
    [
      'alive: then emptied',
      living,
      { health: three, node: { ...empty, pods: [pod] } },
      ['evict', 'wait: draining'],
    ],
    [
      'alive: pods on their way are waited for',
      living,
      { health: three, node: { ...empty, pods: [{ ...pod, terminating: true }] } },
      ['wait: draining'],
    ],
    [
      'alive: bare pods are kept',
      living,
      { health: three, node: { ...empty, pods: [{ ...pod, owner: null }] } },
      ['wait: draining'],
    ],
    [
      'alive: volumes are waited for',
      living,
      { health: three, node: { ...empty, attachments: [volume] } },
      ['wait: draining'],
    ],
    ['alive and empty: its member goes', living, { health: three, node: empty }, REMOVAL],
    [
      'alive, and the leader of etcd: that moves',
      living,
      {
        health: {
          ...three,
          members: three.members.map((each) => member(Number(each.name[1]), {}, 'm3')),
        },
        node: empty,
      },
      ['move-leader'],
    ],
    ['alive and empty: its Node goes', living, { health: two, node: empty }, ['delete-node']],
    [
      'alive, not Ready, with pods: stays',
      living,
      { health: two, node: { ...lost, pods: [pod] } },
      ['wait: node-not-ready'],
    ],
    ['alive, not Ready, without pods: goes', living, { health: two, node: lost }, ['delete-node']],
    [
      'alive, once taken for dead: is in service again first',
      living,
      {
        health: two,
        node: nodeSight({
          marks: { ...tainted.marks, labels: { 'civitas.dev/out-of-service-for': 'retire-1' } },
        }),
      },
      ['put-into-service'],
    ],
  ])('%s', (_, of, cluster, steps) => {
    expect(course(of, cluster)).toMatchObject({ steps, done: false });
  });

  test('has left once neither member nor Node is there', () => {
    expect(course(dead, { health: two, node: undefined })).toMatchObject({ steps: [], done: true });
    expect(course(living, { health: two, node: undefined })).toMatchObject({
      steps: [],
      done: true,
    });
  });

  test.each<[string, NodeSight, readonly string[], string]>([
    [
      'bare pods go',
      { ...empty, pods: [{ ...pod, owner: null }] },
      ['evict', 'wait: drain-blocked'],
      'about to be evicted: default/web-1 (bare)',
    ],
    [
      'what is still there is named',
      { ...empty, pods: [{ ...pod, terminating: true }] },
      ['wait: drain-blocked'],
      'evicted and not gone yet: default/web-1 (ReplicaSet web)',
    ],
    [
      'volumes are named',
      { ...empty, attachments: [volume] },
      ['wait: drain-blocked'],
      'volumes are still attached: pv-1',
    ],
  ])('is overdue: %s', (_, node, steps, why) => {
    const late = { drainingForMs: 600_000 };
    const message = `n3 can not be drained: ${why}`;
    expect(course(living, { health: three, node }, late)).toEqual({ steps, done: false, message });
  });

  test('is dead, and its volumes do not hold it for more than a minute', () => {
    const cluster = { health: two, node: { ...tainted, attachments: [volume] } };
    expect(course(dead, cluster, { outOfServiceForMs: 60_000 }).steps).toEqual(['delete-node']);
  });

  test('keeps everything while another node may have taken its place', () => {
    const { steps } = course(
      dead,
      { health: threeOneDead, node: lost },
      { successor: 'ddddddddddd' },
    );
    expect(steps).toEqual(['wait: contradiction']);
  });
});
