import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { fetchFile } from '../../../src/adapters/releases/fetch-file.ts';
import { createBundleStore } from '../../../src/adapters/releases/file-store.ts';
import { createVirtualClock } from '../../../src/simulation/virtual-clock.ts';
import { temporaryFolders } from '../temporary-folder.ts';
import { bytesOf, sha256 } from './real-world.ts';

const temporaryFolder = temporaryFolders();

test('a file is found under no name but a sum', async () => {
  const store = createBundleStore(await temporaryFolder());
  for (const name of ['../identity', '', 'a'.repeat(63)]) {
    await expect(store.find(name)).rejects.toThrow(RangeError);
    await expect(store.read(name, 0, 1)).rejects.toThrow(RangeError);
    await expect(store.incoming(name, 'load')).rejects.toThrow(RangeError);
  }
});

test("two who bring the same file do not get in each other's way", async () => {
  const store = createBundleStore(await temporaryFolder());
  const bytes = bytesOf('kubelet', 100);
  const [one, two] = [
    await store.incoming(sha256(bytes), 'fetch'),
    await store.incoming(sha256(bytes), 'load'),
  ];
  await one.append(bytes.subarray(0, 50));
  await two.append(bytes);
  await one.append(bytes.subarray(50));
  expect([await one.keep(), await two.keep()]).toEqual([undefined, undefined]);
  expect(await store.find(sha256(bytes))).toMatchObject({ bytes: 100 });
});

test('a file is not fetched where the disk has no room for it', async () => {
  const stateDir = await temporaryFolder();
  const asked: string[] = [];
  const fetching = fetchFile(
    {
      clock: createVirtualClock(),
      random: { number: () => 0 },
      channel: { request: async (_, method) => ({ from: '', body: asked.push(method) }) },
      store: createBundleStore(stateDir),
    },
    {
      name: 'images.tar',
      sha256: sha256(bytesOf('images')),
      bytes: Number.MAX_SAFE_INTEGER,
      url: undefined,
      peers: [{ nodeId: 'bbbbbbbbbbb', address: '10.0.0.2', port: 1 }],
    },
    () => undefined,
  );
  await expect(fetching).rejects.toMatchObject({ code: 'release.no-room', retryable: true });
  expect([asked, await readdir(join(stateDir, 'bundle/incoming'))]).toEqual([[], []]);
});
