import { describe, expect, test } from '@jest/globals';
import { type Acceptor, newAcceptor } from '../../../src/formation/genesis/acceptor.ts';
import type { Accept, Prepare } from '../../../src/formation/genesis/message.ts';
import { paxosRules } from '../../../src/formation/genesis/rules.ts';
import { voteOnAccept, voteOnPrepare } from '../../../src/formation/genesis/vote.ts';
import type { Value } from './genesis-config.ts';

const ballot = (round: number, nodeId: string) => ({ round, nodeId });
const roll = ['n1', 'n2', 'n3'];

const prepare = (round: number, nodeId: string): Prepare => {
  return { type: 'prepare', epoch: 1, ballot: ballot(round, nodeId), roll };
};
const accept = (round: number, nodeId: string): Accept<Value> => {
  return { ...prepare(round, nodeId), type: 'accept', value: { id: `of ${nodeId}` } };
};
const acceptor = (overrides: Partial<Acceptor<Value>> = {}): Acceptor<Value> => {
  return { ...newAcceptor<Value>(1, 'n3'), ...overrides };
};

describe('a voter asked to promise', () => {
  test('promises its first ballot and takes over the roll', () => {
    expect(voteOnPrepare(paxosRules, acceptor(), prepare(1, 'n1'))).toEqual({
      acceptor: acceptor({ promised: ballot(1, 'n1'), roll }),
      reply: { type: 'promise', epoch: 1, ballot: ballot(1, 'n1'), accepted: null },
    });
  });

  test('tells what it accepted under a lower ballot', () => {
    const accepted = { ballot: ballot(1, 'n1'), value: { id: 'of n1' } };
    const own = acceptor({ promised: ballot(1, 'n1'), accepted, roll });

    expect(voteOnPrepare(paxosRules, own, prepare(2, 'n2'))).toEqual({
      acceptor: { ...own, promised: ballot(2, 'n2') },
      reply: { type: 'promise', epoch: 1, ballot: ballot(2, 'n2'), accepted },
    });
  });

  test('repeats a promise without anything new to write', () => {
    const own = acceptor({ promised: ballot(1, 'n1'), roll });

    const vote = voteOnPrepare(paxosRules, own, prepare(1, 'n1'));

    expect(vote.acceptor).toBe(own);
    expect(vote.reply.type).toBe('promise');
  });

  test.each([
    { when: 'it promised a higher round', promised: ballot(3, 'n1'), known: roll },
    { when: 'it promised a higher node in the same round', promised: ballot(2, 'n2'), known: roll },
    { when: 'the ballot leaves out a node it knows', promised: null, known: [...roll, 'n4'] },
  ])('refuses and says why if $when', ({ promised, known }) => {
    const own = acceptor({ promised, roll: known });

    const vote = voteOnPrepare(paxosRules, own, prepare(2, 'n1'));

    expect(vote.acceptor).toBe(own);
    expect(vote.reply).toEqual({
      type: 'nack',
      epoch: 1,
      ballot: ballot(2, 'n1'),
      promised,
      roll: known,
    });
  });
});

describe('a voter asked to accept', () => {
  test.each([
    { when: 'it promised this ballot', promised: ballot(2, 'n1') },
    { when: 'it promised a lower one', promised: ballot(1, 'n2') },
    { when: 'it promised none', promised: null },
  ])('accepts, and is bound by the ballot, if $when', ({ promised }) => {
    expect(voteOnAccept(paxosRules, acceptor({ promised }), accept(2, 'n1'))).toEqual({
      acceptor: acceptor({
        promised: ballot(2, 'n1'),
        accepted: { ballot: ballot(2, 'n1'), value: { id: 'of n1' } },
        roll,
      }),
      reply: { type: 'accepted', epoch: 1, ballot: ballot(2, 'n1') },
    });
  });

  test('repeats its answer without anything new to write', () => {
    const accepted = { ballot: ballot(2, 'n1'), value: { id: 'of n1' } };
    const own = acceptor({ promised: ballot(2, 'n1'), accepted, roll });

    const vote = voteOnAccept(paxosRules, own, accept(2, 'n1'));

    expect(vote.acceptor).toBe(own);
    expect(vote.reply.type).toBe('accepted');
  });

  test.each([
    { when: 'it promised a higher ballot', promised: ballot(2, 'n2'), known: roll },
    { when: 'it heard of a further node since', promised: ballot(2, 'n1'), known: [...roll, 'n4'] },
  ])('refuses if $when', ({ promised, known }) => {
    const own = acceptor({ promised, roll: known });

    const vote = voteOnAccept(paxosRules, own, accept(2, 'n1'));

    expect(vote.acceptor).toBe(own);
    expect(vote.reply).toEqual({
      type: 'nack',
      epoch: 1,
      ballot: ballot(2, 'n1'),
      promised,
      roll: known,
    });
  });
});
