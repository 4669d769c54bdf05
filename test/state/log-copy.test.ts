import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createLogCopy, type LogRecord } from '../../src/state/log-copy.ts';

const node = (letter: string) => letter.repeat(11);

function leader(revision: number, nodeId = node('a')): LogRecord {
  const text = JSON.stringify({ nodeId, incarnation: 1 });
  return { path: 'leadership.current', revision, text };
}

function liveness(nodeId: string, revision: number): LogRecord {
  const value = { nodeId, incarnation: 1, verdict: 'alive', evidence: `revision ${revision}` };
  return { path: `liveness.${nodeId}`, revision, text: JSON.stringify(value) };
}

const deleted = (path: string, revision: number): LogRecord => ({ path, revision, text: null });

describe('a copy of the log', () => {
  test('tells which key a record changed, and nothing for one it knows already', () => {
    const copy = createLogCopy();
    const told = [leader(3), leader(3), leader(2), leader(5)].map(copy.apply);
    const address = { kind: 'leadership', key: 'current' };
    expect(told).toEqual([address, undefined, undefined, address]);
  });

  test('does not bring back what was deleted when older news arrive late', () => {
    const copy = createLogCopy();
    copy.apply(deleted('leadership.current', 4));
    copy.apply(leader(3));
    expect(copy.get('leadership', 'current')).toBeUndefined();
  });

  test('has no entry that does not parse, and names it, until it is replaced', () => {
    const copy = createLogCopy();
    copy.apply(leader(1));
    copy.apply({ ...leader(2), text: '{"nodeId":7}' });
    const { path, revision } = leader(2);
    expect(copy.get('leadership', 'current')).toBeUndefined();
    expect(copy.problems()).toEqual([
      { path, revision, message: expect.stringContaining('nodeId') },
    ]);
    copy.apply(leader(3));
    expect(copy.problems()).toEqual([]);
  });

  test('lists what it holds now, in key order, however often it was asked before', () => {
    const copy = createLogCopy();
    const keys = () => copy.list('liveness').map(({ key, revision }) => `${key[0]}${revision}`);
    const seen = [keys()];
    const steps = [
      () => copy.apply(liveness(node('b'), 1)),
      () => copy.apply(liveness(node('a'), 2)),
      () => copy.apply(liveness(node('b'), 3)),
      () => copy.retain(new Set([`liveness.${node('b')}`]), 3),
      () => copy.apply(deleted(`liveness.${node('b')}`, 4)),
    ];
    for (const step of steps) {
      step();
      seen.push(keys());
    }
    expect(seen).toEqual([[], ['b1'], ['a2', 'b1'], ['a2', 'b3'], ['b3'], []]);
  });

  test('has no problem any more with what is gone', () => {
    const copy = createLogCopy();
    copy.apply({ ...leader(1), text: 'no' });
    expect(copy.problems()).toHaveLength(1);
    copy.retain(new Set(), 1);
    expect(copy.problems()).toEqual([]);
  });

  test.each([
    { what: 'text that is no JSON', record: { ...leader(1), text: 'no' } },
    { what: 'a kind of a newer release', record: { ...leader(1), path: 'novelty.current' } },
    {
      what: 'a field of a newer release',
      record: { ...leader(1), text: '{"nodeId":null,"incarnation":0,"mood":1}' },
    },
  ])('names $what as a problem, and keeps it', ({ record }) => {
    const copy = createLogCopy();
    copy.apply(record);
    expect(copy.problems()).toMatchObject([{ path: record.path, revision: 1 }]);
    expect(copy.records()).toEqual([record]);
  });

  test('drops what the log no longer holds, but nothing that is newer than what the log was asked', () => {
    const copy = createLogCopy();
    for (const record of [leader(1), liveness(node('a'), 2), liveness(node('b'), 9)])
      copy.apply(record);
    const gone = copy.retain(new Set(['leadership.current']), 8);
    expect(gone).toEqual([{ kind: 'liveness', key: node('a') }]);
    expect(copy.list('liveness').map(({ key }) => key)).toEqual([node('b')]);
  });

  test('shows the same in the end, in whatever order and however often records arrive', () => {
    const record = fc
      .tuple(fc.constantFrom('a', 'b', 'c'), fc.boolean())
      .map(([letter, gone]) => ({ letter, gone }));
    const history = fc.array(record, { minLength: 1, maxLength: 12 }).map((changes) =>
      changes.map(({ letter, gone }, index) => {
        const nodeId = node(letter);
        return gone ? deleted(`liveness.${nodeId}`, index + 1) : liveness(nodeId, index + 1);
      }),
    );
    const deliveries = history.chain((records) =>
      fc.tuple(
        fc.constant(records),
        fc.shuffledSubarray([...records, ...records], { minLength: records.length * 2 }),
      ),
    );
    fc.assert(
      fc.property(deliveries, ([inOrder, asDelivered]) => {
        const [one, two] = [createLogCopy(), createLogCopy()];
        for (const each of inOrder) one.apply(each);
        for (const each of asDelivered) two.apply(each);
        expect(two.list('liveness')).toEqual(one.list('liveness'));
      }),
    );
  });
});
