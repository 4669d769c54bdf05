import { expect, test } from '@jest/globals';
import { entryText, MAX_ENTRY_BYTES } from '../../src/state/checked-entry.ts';
import type { Handover } from '../../src/state/handover.ts';

const handover = (ciphertext: string): Handover => ({
  nodeId: 'aaaaaaaaaaa',
  operationId: 'op',
  attempt: 1,
  sponsor: 'bbbbbbbbbbb',
  tokenId: 'abcdef',
  expiresWallMs: 0,
  sealed: { ephemeralKey: '', nonce: '', ciphertext },
});

test('what is written is JSON of the value with all its defaults', () => {
  const leader = { nodeId: null, incarnation: 0 };
  expect(entryText('leadership', 'current', leader)).toBe('{"nodeId":null,"incarnation":0}');
});

test('a value that its schema refuses is not written, and the field is named', () => {
  expect(() => entryText('leadership', 'current', { nodeId: 'me', incarnation: 0 })).toThrow(
    'The leadership current can not be written (✖ must be a node id: 11 base32 letters\n  → at nodeId): report it, as civitas made it.',
  );
});

test('the largest value that any schema allows fits into an entry', () => {
  const text = entryText('handover', 'aaaaaaaaaaa', handover('ä'.repeat(200_000)));
  expect(new TextEncoder().encode(text).length).toBeLessThan(MAX_ENTRY_BYTES);
});

test('an entry that the log would refuse is refused here, with both sizes', () => {
  const context = { notes: 'x'.repeat(600_000) };
  const snapshot = { machine: 'm', version: 1, value: 'v', context };
  const operation = {
    operationId: 'op',
    nodeId: 'aaaaaaaaaaa',
    incarnation: 1,
    term: 1,
    task: 'init',
    snapshot,
  } as const;
  expect(() => entryText('operation', 'op', operation)).toThrow(
    /The operation op has 600\d\d\d bytes, of which at most 524288 can be written: report it\./,
  );
});
