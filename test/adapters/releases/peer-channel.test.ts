import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { openDurableFiles } from '../../../src/adapters/durable-files.ts';
import { openIdentity } from '../../../src/adapters/identity.ts';
import { type OpenPeers, openPeers } from '../../../src/adapters/peers.ts';
import { createBundleStore, type FileStore } from '../../../src/adapters/releases/file-store.ts';
import { fetchFromPeers } from '../../../src/adapters/releases/peer-files.ts';
import { serveFiles } from '../../../src/adapters/releases/serve-files.ts';
import { createBackgroundClock } from '../../support/background-clock.ts';
import { temporaryFolders } from '../temporary-folder.ts';
import { bytesOf, sha256, write } from './real-world.ts';

const ADDRESS = '127.0.0.1';
const WHOLE = bytesOf('kubelet', 3_000_000);
const SUM = sha256(WHOLE);

const temporaryFolder = temporaryFolders();
const clock = createBackgroundClock();
const opened: OpenPeers[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((peers) => peers.close()));
});

interface Node {
  readonly peers: OpenPeers;
  readonly nodeId: string;
  readonly stateDir: string;
  readonly store: FileStore;
}

/** An agent's port for peers over its own state directory. */
async function open(isEnrolled: boolean): Promise<Node> {
  const stateDir = await temporaryFolder();
  const identity = await openIdentity(await openDurableFiles(stateDir));
  const joinKey = new Uint8Array(32).fill(7);
  const peers = await openPeers({ joinKey, identity, address: ADDRESS, port: 0 });
  opened.push(peers);
  const store = createBundleStore(stateDir);
  serveFiles({ clock, peers, store, isEnrolled: () => isEnrolled });
  return { peers, nodeId: identity.nodeId, stateDir, store };
}

async function fetch(node: Node, ...from: readonly Node[]): Promise<void> {
  await fetchFromPeers(
    { clock, random: { number: () => 0 }, channel: node.peers },
    {
      name: 'kubelet',
      sha256: SUM,
      bytes: WHOLE.length,
      incoming: await node.store.incoming(SUM, 'fetch'),
      from: from.map(({ nodeId, peers: { port } }) => ({ nodeId, address: ADDRESS, port })),
      onProgress: () => undefined,
    },
  );
}

test('a file goes from node to node over the channel of peers, also from one that was given it', async () => {
  const [first, second, third] = [await open(true), await open(true), await open(true)];
  await write(join(first.stateDir, 'bundle', SUM), WHOLE);
  await fetch(second, first);
  await fetch(third, second);
  const found = await third.store.find(SUM);
  expect(sha256(await readFile(found?.path ?? ''))).toBe(SUM);
});

test('a node that goes away leaves what it gave, and another one gives the rest', async () => {
  const [first, second, third] = [await open(true), await open(true), await open(true)];
  await write(join(second.stateDir, 'bundle', SUM), WHOLE);
  const incoming = await third.store.incoming(SUM, 'fetch');
  await incoming.append(WHOLE.subarray(0, 1_000_000));
  await first.peers.close();
  await fetch(third, first, second);
  expect(await third.store.find(SUM)).toMatchObject({ bytes: WHOLE.length });
});

test('a node that is not enrolled is given nothing', async () => {
  const [first, second] = [await open(false), await open(true)];
  await write(join(first.stateDir, 'bundle', SUM), WHOLE);
  await expect(fetch(second, first)).rejects.toMatchObject({ code: 'release.nowhere' });
});

test('pings are answered at once while a file is on its way', async () => {
  const [first, second] = [await open(true), await open(true)];
  await write(join(first.stateDir, 'bundle', SUM), WHOLE);
  first.peers.serve('ping', async () => 'here');
  const fetching = fetch(second, first);
  const target = { address: ADDRESS, port: first.peers.port, nodeId: first.nodeId };
  for (let pings = 0; pings < 5; pings += 1) {
    expect(await second.peers.request(target, 'ping', null)).toMatchObject({ body: 'here' });
  }
  expect(await second.store.find(SUM)).toBeUndefined();
  await fetching;
});
