import { describe, expect, test } from '@jest/globals';
import { openDurableFiles } from '../../src/adapters/durable-files.ts';
import { isSignedBy, nodeIdOf, openIdentity } from '../../src/adapters/identity.ts';
import { nodeIdSchema } from '../../src/state/node-id.ts';
import { temporaryFolders } from './temporary-folder.ts';

const temporaryFolder = temporaryFolders();
const message = Buffer.from('hello');

describe('identity', () => {
  test('is the same after a restart', async () => {
    const folder = await temporaryFolder();
    const first = await openIdentity(await openDurableFiles(folder));
    const again = await openIdentity(await openDurableFiles(folder));
    expect([again.nodeId, again.publicKey, again.sealPublicKey]).toEqual([
      first.nodeId,
      first.publicKey,
      first.sealPublicKey,
    ]);
    expect(isSignedBy(first.publicKey, message, again.sign(message))).toBe(true);
  });

  test('is another one in an empty directory', async () => {
    const one = await openIdentity(await openDurableFiles(await temporaryFolder()));
    const other = await openIdentity(await openDurableFiles(await temporaryFolder()));
    expect(other.nodeId).not.toBe(one.nodeId);
    expect(isSignedBy(one.publicKey, message, other.sign(message))).toBe(false);
  });

  test('the node id is the beginning of the SHA-256 of the key in base32', () => {
    // sha256 of 32 zero bytes is 66687aadf862bd77…
    expect(nodeIdOf(new Uint8Array(32))).toBe('mzuhvlpymk6');
    expect(nodeIdSchema.safeParse(nodeIdOf(new Uint8Array(32).fill(9))).success).toBe(true);
  });
});
