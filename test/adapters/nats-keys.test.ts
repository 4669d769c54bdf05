import { expect, test } from '@jest/globals';
import { deriveLogUsers } from '../../src/adapters/nats-keys.ts';
import { JOIN_KEY } from '../support/genesis-record.ts';

const publicKeys = (joinKey: Uint8Array, clusterId: string) => {
  const { client, system } = deriveLogUsers(joinKey, clusterId);
  return [client.publicKey, system.publicKey];
};

test('the same join key and cluster give the same two users on every node, in every release', () => {
  expect(publicKeys(JOIN_KEY, 'one')).toEqual([
    'UAFF27E7I3PZW3YEHP4A7LPYD4F37RADU4QUYAC3KJM5M2IJMGHAWQLO',
    'UD2BU5FHEDMPTRIP5MTVPEW3IKMNQKFNRYR7A33NHUCIK2AOTG27VRDT',
  ]);
});

test('another cluster of the same key, and another key, have other users', () => {
  const all = [
    ...publicKeys(JOIN_KEY, 'one'),
    ...publicKeys(JOIN_KEY, 'two'),
    ...publicKeys(new Uint8Array(32), 'one'),
  ];
  expect(new Set(all).size).toBe(6);
});
