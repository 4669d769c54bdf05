import { describe, expect, test } from '@jest/globals';
import { type Instance, isQuorum, quorumSize } from '../../../src/formation/genesis/quorum.ts';
import { instanceOf } from './genesis-config.ts';

const rollOf = (length: number) => Array.from({ length }, (_, index) => `n${index + 1}`);

describe('quorumSize', () => {
  test.each([
    { expectedNodes: 1, known: 1, needed: 1 },
    { expectedNodes: 1, known: 2, needed: 2 },
    { expectedNodes: 2, known: 2, needed: 2 },
    { expectedNodes: 2, known: 3, needed: 2 },
    { expectedNodes: 3, known: 1, needed: 2 },
    { expectedNodes: 3, known: 3, needed: 2 },
    { expectedNodes: 3, known: 4, needed: 3 },
    { expectedNodes: 3, known: 7, needed: 6 },
    { expectedNodes: 4, known: 4, needed: 3 },
    { expectedNodes: 4, known: 5, needed: 3 },
    { expectedNodes: 5, known: 5, needed: 3 },
    { expectedNodes: 5, known: 9, needed: 7 },
    { expectedNodes: 50, known: 50, needed: 26 },
  ])('is $needed when $expectedNodes nodes are expected and $known are known', (row) => {
    expect(quorumSize(instanceOf(row.expectedNodes), rollOf(row.known))).toBe(row.needed);
  });

  test('is that of the expected nodes in a later epoch, however many are known', () => {
    const later: Instance = {
      epoch: 2,
      expectedNodes: 3,
      replaces: { epoch: 1, replicas: ['n1', 'n2', 'n3'] },
    };

    expect(quorumSize(later, rollOf(9))).toBe(2);
  });
});

describe('isQuorum in a later epoch', () => {
  test.each([
    {
      when: 'two of three replicas vote',
      replicas: ['n1', 'n2', 'n3'],
      voters: ['n1', 'n3'],
      suffices: true,
    },
    {
      when: 'one of three replicas votes',
      replicas: ['n1', 'n2', 'n3'],
      voters: ['n1', 'n4'],
      suffices: false,
    },
    {
      when: 'no quorum of nodes votes',
      replicas: ['n1', 'n1', 'n2'],
      voters: ['n1'],
      suffices: false,
    },
    {
      when: 'the node with two replicas votes',
      replicas: ['n1', 'n1', 'n2'],
      voters: ['n1', 'n4'],
      suffices: true,
    },
    {
      when: 'the node with one of them votes',
      replicas: ['n1', 'n1', 'n2'],
      voters: ['n2', 'n4'],
      suffices: false,
    },
  ])('is $suffices when $when', ({ replicas, voters, suffices }) => {
    const later: Instance = { epoch: 2, expectedNodes: 3, replaces: { epoch: 1, replicas } };

    expect(isQuorum(later, rollOf(4), voters)).toBe(suffices);
  });
});
