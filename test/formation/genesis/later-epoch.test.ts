import { describe, expect, test } from '@jest/globals';
import { whyWaiting } from '../../../src/formation/genesis/why-waiting.ts';
import { genesisConfig } from './genesis-config.ts';
import { live, type Moment, meets } from './one-node.ts';

const replaces = { epoch: 1, replicas: ['n1', 'n2', 'n3'] };
const replica = genesisConfig('n1', 3, { epoch: 2, replaces });
const bystander = genesisConfig('n4', 3, { epoch: 2, replaces });
const ballot = { round: 1, nodeId: 'n2' };
const roll = ['n1', 'n2', 'n3', 'n4'];
const prepare: Moment = {
  type: 'message',
  from: 'n2',
  message: { type: 'prepare', epoch: 2, ballot, roll },
};
const gaveUp: Moment = { type: 'log-never-formed' };
const stopped: Moment = { type: 'replica-stopped', epoch: 1 };
const tick: Moment = { type: 'tick' };
const promise = {
  type: 'send',
  to: 'n2',
  message: { type: 'promise', epoch: 2, ballot, accepted: null },
};

describe('a node asked to replace the log of the epoch before', () => {
  test('says nothing while that log may come up', () => {
    expect(live(replica, [prepare]).effects).toEqual([]);
    expect(live(bystander, [prepare]).effects).toEqual([]);
  });

  test('votes if it gave that log up and runs no replica of it', () => {
    expect(live(bystander, [gaveUp, prepare]).effects.slice(1)).toEqual([promise]);
  });

  test('stops its own replica first, and asks for it once', () => {
    expect(live(replica, [gaveUp, prepare]).effects).toEqual([{ type: 'stop-replica', epoch: 1 }]);
    expect(live(replica, [gaveUp, prepare, prepare]).effects).toEqual([]);
  });

  test('writes down that its replica is stopped, and votes from then on', () => {
    const moments = [meets('n2', 'n3', 'n4'), gaveUp, prepare, stopped];
    const acceptor = {
      epoch: 2,
      promised: null,
      accepted: null,
      roll,
      replicasStopped: true,
      formed: null,
    };

    expect(live(replica, moments).effects).toEqual([{ type: 'persist', acceptor }]);
    expect(live(replica, [...moments, prepare]).effects.slice(1)).toEqual([promise]);
  });

  test('takes no part once that log turns out to have come up', () => {
    const moments: Moment[] = [gaveUp, prepare, { type: 'log-formed' }, prepare];

    expect(live(replica, moments).effects).toEqual([]);
  });

  test('takes no notice that the replica of another epoch stopped', () => {
    const moments: Moment[] = [gaveUp, prepare, { ...stopped, epoch: 7 }, prepare];

    expect(live(replica, moments).effects).toEqual([]);
  });
});

describe('a node that would replace the log of the epoch before', () => {
  test.each([
    {
      when: 'it has not given that log up',
      moments: [meets('n2', 'n3')],
      reason: 'log-may-come-up',
    },
    {
      when: 'too few replicas of that log can be reached',
      moments: [gaveUp, meets('n4', 'n5')],
      reason: 'too-few-nodes',
    },
    {
      when: 'its own replica still runs',
      moments: [gaveUp, meets('n2', 'n3')],
      reason: 'replica-running',
    },
    {
      when: 'its replica is stopped',
      moments: [gaveUp, meets('n2', 'n3'), stopped, tick],
      reason: 'ballot-open',
    },
  ])('waits for $reason when $when', ({ moments, reason }) => {
    const { state } = live(replica, moments);

    expect(whyWaiting(replica, state, 0)?.cause.reason).toBe(reason);
  });

  test('has its replica stopped when it is about to propose', () => {
    expect(live(replica, [gaveUp, meets('n2', 'n3'), tick]).effects).toEqual([
      { type: 'stop-replica', epoch: 1 },
    ]);
  });
});
