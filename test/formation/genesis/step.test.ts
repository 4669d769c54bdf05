import { describe, expect, test } from '@jest/globals';
import type { Message } from '../../../src/formation/genesis/message.ts';
import { genesisConfig, type Value } from './genesis-config.ts';
import { live, type Moment, meets, peer } from './one-node.ts';

const config = genesisConfig('n1', 3);
const roll = ['n1', 'n2', 'n3'];
const first = { round: 1, nodeId: 'n1' };
const own = { id: '1/n1/1' };
const tick: Moment = { type: 'tick' };
const base = { epoch: 1, accepted: null, replicasStopped: false, formed: null, roll };

function from(nodeId: string, message: Message<Value>): Moment {
  return { type: 'message', from: nodeId, message };
}
function promiseOf(nodeId: string, accepted: { id: string; round: number } | null = null): Moment {
  const proposal = accepted && {
    ballot: { round: accepted.round, nodeId: 'n0' },
    value: { id: accepted.id },
  };
  return from(nodeId, { type: 'promise', epoch: 1, ballot: first, accepted: proposal });
}
const acceptedBy = (nodeId: string) => from(nodeId, { type: 'accepted', epoch: 1, ballot: first });
const formed = (id: string): Message<Value> => ({ type: 'formed', epoch: 1, value: { id } });

describe('a proposer', () => {
  test('has its own promise on disk before it asks the others', () => {
    const prepare = { type: 'prepare', epoch: 1, ballot: first, roll };

    expect(live(config, [meets('n2', 'n3'), tick]).effects).toEqual([
      { type: 'persist', acceptor: { ...base, promised: first } },
      { type: 'send', to: 'n2', message: prepare },
      { type: 'send', to: 'n3', message: prepare },
    ]);
  });

  test('proposes a value of its own once a quorum, none of which accepted any, promised', () => {
    const accept = { type: 'accept', epoch: 1, ballot: first, roll, value: own };

    expect(live(config, [meets('n2', 'n3'), tick, promiseOf('n2')]).effects).toEqual([
      {
        type: 'persist',
        acceptor: { ...base, promised: first, accepted: { ballot: first, value: own } },
      },
      { type: 'send', to: 'n2', message: accept },
      { type: 'send', to: 'n3', message: accept },
    ]);
  });

  test('repeats the value of the highest proposal that its quorum accepted', () => {
    const five = genesisConfig('n9', 5);
    const ballot = { round: 1, nodeId: 'n9' };
    const promise = (round: number) => ({
      type: 'promise' as const,
      epoch: 1,
      ballot,
      accepted: { ballot: { round, nodeId: 'n1' }, value: { id: `round ${round}` } },
    });
    const { state } = live(five, [
      meets('n1', 'n2', 'n3', 'n4'),
      { ...tick, atMs: 5_000 },
      from('n1', promise(7)),
      from('n2', promise(2)),
    ]);

    expect(state.proposer).toMatchObject({ phase: 'accepting', value: { id: 'round 7' } });
  });

  test('decides once a quorum accepted: the record is on disk before anybody hears of it', () => {
    const moments = [meets('n2', 'n3'), tick, promiseOf('n2'), acceptedBy('n3')];
    const accepted = { ballot: first, value: own };

    expect(live(config, moments).effects).toEqual([
      {
        type: 'persist',
        acceptor: { ...base, promised: first, accepted, formed: { value: own } },
      },
      { type: 'send', to: 'n2', message: formed(own.id) },
      { type: 'send', to: 'n3', message: formed(own.id) },
      { type: 'formed', value: own },
    ]);
  });

  test.each<{ what: string; moment: Moment }>([
    { what: 'a second promise of the same node', moment: promiseOf('n1') },
    { what: 'a promise from outside its roll', moment: promiseOf('n7') },
    {
      what: 'a promise for another ballot',
      moment: from('n2', {
        type: 'promise',
        epoch: 1,
        ballot: { round: 2, nodeId: 'n1' },
        accepted: null,
      }),
    },
    { what: 'a vote for what it has not yet proposed', moment: acceptedBy('n2') },
    {
      what: 'a promise of another epoch',
      moment: from('n2', { type: 'promise', epoch: 2, ballot: first, accepted: null }),
    },
  ])('does not count $what', ({ moment }) => {
    const before = live(config, [meets('n2', 'n3'), tick]);
    const after = live(config, [meets('n2', 'n3'), tick, moment]);

    expect(after).toEqual({ state: before.state, effects: [] });
  });

  test('goes higher, with all nodes it was told of, after a refusal', () => {
    const refused: Moment = from('n2', {
      type: 'nack',
      epoch: 1,
      ballot: first,
      promised: { round: 6, nodeId: 'n2' },
      roll: [...roll, 'n4'],
    });
    const moments = [meets('n2', 'n3'), tick, refused, { ...tick, atMs: 1_000 }];
    const known = [...roll, 'n4'];
    const prepare = { type: 'prepare', epoch: 1, ballot: { round: 7, nodeId: 'n1' }, roll: known };

    expect(live(config, moments).effects).toEqual([
      {
        type: 'persist',
        acceptor: { ...base, promised: { round: 7, nodeId: 'n1' }, roll: known },
      },
      { type: 'send', to: 'n2', message: prepare },
      { type: 'send', to: 'n3', message: prepare },
      { type: 'send', to: 'n4', message: prepare },
    ]);
  });

  test('gives up a ballot that nobody answers, and waits before the next', () => {
    const moments = [meets('n2', 'n3'), tick, { ...tick, atMs: 1_000 }];

    expect(live(config, moments).state).toMatchObject({
      proposer: { phase: 'idle' },
      failedBallots: 1,
      notBeforeMs: 1_100,
    });
  });

  test('that is alone and expects nobody else decides by itself', () => {
    const moments: Moment[] = [tick, { ...tick, atMs: 2_000 }];
    const alone = { ...base, roll: ['n1'], promised: first };
    const accepted = { ballot: first, value: own };

    expect(live(genesisConfig('n1', 1), moments).effects).toEqual([
      { type: 'persist', acceptor: { ...alone, accepted, formed: { value: own } } },
      { type: 'formed', value: own },
    ]);
  });
});

describe('a voter', () => {
  const prepare: Message<Value> = {
    type: 'prepare',
    epoch: 1,
    ballot: { round: 4, nodeId: 'n2' },
    roll,
  };

  test('has its promise on disk before it gives it', () => {
    const promised = { round: 4, nodeId: 'n2' };

    expect(live(config, [meets('n2', 'n3'), from('n2', prepare)]).effects).toEqual([
      { type: 'persist', acceptor: { ...base, promised } },
      {
        type: 'send',
        to: 'n2',
        message: { type: 'promise', epoch: 1, ballot: promised, accepted: null },
      },
    ]);
  });

  test('ignores a ballot that comes from another node than the one it names', () => {
    expect(live(config, [meets('n2', 'n3'), from('n3', prepare)]).effects).toEqual([]);
  });

  test('leaves the ballot it voted for the time to finish before it opens its own', () => {
    const moments = [meets('n2', 'n3'), from('n2', prepare), { ...tick, atMs: 999 }];

    expect(live(config, moments).effects).toEqual([]);
    expect(live(config, [...moments, { ...tick, atMs: 1_000 }]).effects).not.toEqual([]);
  });
});

describe('a formed node', () => {
  const learned = [meets('n2', 'n3'), from('n2', formed('x'))];

  test('has the record on disk before it says so', () => {
    expect(live(config, learned).effects).toEqual([
      { type: 'persist', acceptor: { ...base, promised: null, formed: { value: { id: 'x' } } } },
      { type: 'formed', value: { id: 'x' } },
    ]);
  });

  test.each<{ message: Message<Value> }>([
    { message: { type: 'prepare', epoch: 1, ballot: { round: 9, nodeId: 'n3' }, roll } },
    {
      message: {
        type: 'accept',
        epoch: 1,
        ballot: { round: 9, nodeId: 'n3' },
        roll,
        value: { id: 'y' },
      },
    },
    { message: { type: 'promise', epoch: 1, ballot: first, accepted: null } },
    { message: { type: 'accepted', epoch: 1, ballot: first } },
    { message: { type: 'nack', epoch: 1, ballot: first, promised: null, roll } },
  ])('answers $message.type with the record and nothing else', ({ message }) => {
    expect(live(config, [...learned, from('n3', message)]).effects).toEqual([
      { type: 'send', to: 'n3', message: formed('x') },
    ]);
  });

  test('opens no ballot, whatever the time', () => {
    expect(live(config, [...learned, { ...tick, atMs: 3_600_000 }]).effects).toEqual([]);
  });

  test('hands the record to reachable nodes that lack it', () => {
    const knowledge: Moment = {
      type: 'knowledge',
      peers: [peer('n2', { formed: true }), peer('n3'), peer('n4', { reachable: false })],
    };

    expect(live(config, [...learned, knowledge]).effects).toEqual([
      { type: 'send', to: 'n3', message: formed('x') },
    ]);
  });

  test('is silent about the same record and reports another one', () => {
    expect(live(config, [...learned, from('n3', formed('x'))]).effects).toEqual([]);
    expect(live(config, [...learned, from('n3', formed('y'))]).effects).toEqual([
      { type: 'foreign-record', from: 'n3', value: { id: 'y' } },
    ]);
  });
});
