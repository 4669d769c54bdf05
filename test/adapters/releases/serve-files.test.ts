import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { createBundleStore } from '../../../src/adapters/releases/file-store.ts';
import { serveFiles } from '../../../src/adapters/releases/serve-files.ts';
import type { PeerHandler, PeerMethod } from '../../../src/ports/peers.ts';
import { createVirtualClock, type VirtualClock } from '../../../src/simulation/virtual-clock.ts';
import { PART_BYTES } from '../../../src/state/file-part.ts';
import { temporaryFolders } from '../temporary-folder.ts';
import { bytesOf, sha256, write } from './real-world.ts';

const WHOLE = bytesOf('kubelet');
const SUM = sha256(WHOLE);
const temporaryFolder = temporaryFolders();
let clock: VirtualClock;
let handlers: Map<PeerMethod, PeerHandler>;

beforeEach(async () => {
  const stateDir = await temporaryFolder();
  await write(join(stateDir, 'bundle', SUM), WHOLE);
  await write(join(stateDir, 'identity'), Buffer.from('secret'));
  clock = createVirtualClock();
  handlers = new Map();
  serveFiles({
    clock,
    peers: { serve: (method, handler) => void handlers.set(method, handler) },
    store: createBundleStore(stateDir),
    isEnrolled: (nodeId) => nodeId !== 'stranger',
  });
});

async function ask(body: unknown, from = 'n1'): Promise<unknown> {
  return handlers.get('file')?.({ method: 'file', from, address: '10.0.0.1', body });
}

const partFrom = (offset: number) => ({
  state: 'part',
  base64: WHOLE.subarray(offset, offset + PART_BYTES).toString('base64'),
});

describe('a node that has a bundle', () => {
  test('gives enrolled nodes its files piece by piece', async () => {
    for (const offset of [0, PART_BYTES, 2 * PART_BYTES, 7]) {
      expect(await ask({ sha256: SUM, offset })).toEqual(partFrom(offset));
    }
    expect(await ask({ sha256: SUM, offset: WHOLE.length })).toEqual({ state: 'part', base64: '' });
  });

  test('says what it does not have', async () => {
    expect(await ask({ sha256: '0'.repeat(64), offset: 0 })).toEqual({ state: 'absent' });
  });

  test('gives nothing to who is not enrolled', async () => {
    await expect(ask({ sha256: SUM, offset: 0 }, 'stranger')).rejects.toMatchObject({
      code: 'release.not-enrolled',
    });
  });

  test.each(['../identity', 'identity', '', `${SUM}/..`, SUM.toUpperCase()])(
    'gives nothing by the name %j',
    async (name) => {
      await expect(ask({ sha256: name, offset: 0 })).rejects.toThrow();
    },
  );

  test('gives one node no more than 12 MiB in a second, and others go on', async () => {
    const inFirstSecond = await partsWithin(1_000, 'n1');
    expect(inFirstSecond).toBeLessThanOrEqual(32 + 96);
    expect(inFirstSecond).toBeGreaterThan(96);
    expect(await ask({ sha256: SUM, offset: 0 }, 'n2')).toEqual(partFrom(0));
  });

  test('gives all nodes together no more than 24 MiB in a second', async () => {
    let parts = 0;
    for (let node = 0; node < 10; node += 1) parts += await partsNow(`n${node}`);
    expect(parts).toBe(64);
    await clock.advance(100);
    for (let node = 0; node < 10; node += 1) parts += await partsNow(`n${node}`);
    expect(parts).toBe(64 + 19);
  });
});

async function partsNow(from: string): Promise<number> {
  for (let parts = 0; ; parts += 1) {
    const answer = await ask({ sha256: SUM, offset: 0 }, from);
    if ((answer as { state: string }).state === 'busy') return parts;
  }
}

async function partsWithin(durationMs: number, from: string): Promise<number> {
  let parts = 0;
  for (let passedMs = 0; passedMs < durationMs; passedMs += 100) {
    parts += await partsNow(from);
    await clock.advance(100);
  }
  return parts;
}
