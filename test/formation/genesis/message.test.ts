import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { acceptorSchema } from '../../../src/formation/genesis/acceptor.ts';
import { type Message, messageSchema } from '../../../src/formation/genesis/message.ts';

const valueSchema = z.strictObject({ id: z.string().max(10) });
const schema = messageSchema(valueSchema);
const [alpha, beta] = ['aaaaaaaaaaa', 'bbbbbbbbbbb'];
const ballot = { round: 1, nodeId: alpha };
const roll = [alpha, beta];
const value = { id: 'x' };

describe('a genesis message', () => {
  test.each<{ message: Message<{ id: string }> }>([
    { message: { type: 'prepare', epoch: 1, ballot, roll } },
    { message: { type: 'promise', epoch: 1, ballot, accepted: null } },
    { message: { type: 'promise', epoch: 1, ballot, accepted: { ballot, value } } },
    { message: { type: 'accept', epoch: 1, ballot, roll, value } },
    { message: { type: 'accepted', epoch: 1, ballot } },
    { message: { type: 'nack', epoch: 1, ballot, promised: null, roll } },
    { message: { type: 'nack', epoch: 1, ballot, promised: ballot, roll } },
    { message: { type: 'formed', epoch: 1, value } },
  ])('of type $message.type is taken as it was sent', ({ message }) => {
    expect(schema.parse(JSON.parse(JSON.stringify(message)))).toEqual(message);
  });

  test.each<{ when: string; message: unknown }>([
    { when: 'its type is unknown', message: { type: 'elect', epoch: 1, ballot } },
    { when: 'it has a further field', message: { type: 'accepted', epoch: 1, ballot, by: alpha } },
    { when: 'its epoch is zero', message: { type: 'accepted', epoch: 0, ballot } },
    {
      when: 'its round is no whole number',
      message: { type: 'accepted', epoch: 1, ballot: { ...ballot, round: 1.5 } },
    },
    {
      when: 'its round is beyond all bounds',
      message: { type: 'accepted', epoch: 1, ballot: { ...ballot, round: 2 ** 40 } },
    },
    {
      when: 'a node id is none',
      message: { type: 'accepted', epoch: 1, ballot: { round: 1, nodeId: '../etc' } },
    },
    { when: 'its roll is empty', message: { type: 'prepare', epoch: 1, ballot, roll: [] } },
    {
      when: 'its roll is not sorted',
      message: { type: 'prepare', epoch: 1, ballot, roll: [beta, alpha] },
    },
    {
      when: 'its roll names a node twice',
      message: { type: 'prepare', epoch: 1, ballot, roll: [alpha, alpha] },
    },
    {
      when: 'its roll is too long',
      message: { type: 'prepare', epoch: 1, ballot, roll: longRoll(2_001) },
    },
    {
      when: 'its value is none',
      message: { type: 'formed', epoch: 1, value: { id: 'far too long' } },
    },
  ])('is refused when $when', ({ message }) => {
    expect(schema.safeParse(message).success).toBe(false);
  });
});

test('a stored acceptor is read back as it was written, and only so', () => {
  const acceptor = {
    epoch: 1,
    promised: ballot,
    accepted: { ballot, value },
    roll,
    replicasStopped: false,
    formed: { value },
  };
  const stored = acceptorSchema(valueSchema);

  expect(stored.parse(JSON.parse(JSON.stringify(acceptor)))).toEqual(acceptor);
  expect(stored.safeParse({ ...acceptor, promised: undefined }).success).toBe(false);
  expect(stored.safeParse({ ...acceptor, roll: 'all' }).success).toBe(false);
});

function longRoll(length: number): string[] {
  const letters = 'abcdefghijklmnopqrstuvwxyz234567';
  const nodeIds = Array.from({ length }, (_, index) => {
    const digits = [index >> 10, (index >> 5) & 31, index & 31].map((digit) => letters[digit]);
    return `aaaaaaaa${digits.join('')}`;
  });
  return nodeIds.sort();
}
