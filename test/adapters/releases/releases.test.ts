import { readdir, readFile, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import type { WantedRelease } from '../../../src/ports/releases.ts';
import { IMAGES, releasesContract, VERSION } from '../../contracts/releases.contract.ts';
import { temporaryFolders } from '../temporary-folder.ts';
import { bytesOf, openRealWorld, type RealWorld, sha256, write } from './real-world.ts';

const temporaryFolder = temporaryFolders();
const openWorld = async () => openRealWorld(await temporaryFolder());

releasesContract(openWorld);

function wanted(given: Partial<WantedRelease> = {}): WantedRelease {
  return { version: VERSION, url: null, sha256: {}, bundles: [], peers: [], ...given };
}

async function withWorld<T>(use: (world: RealWorld) => Promise<T>): Promise<T> {
  const world = await openWorld();
  return use(world).finally(world.close);
}

describe('a release on a machine', () => {
  test('has programs that everybody may run, and nothing else is left of the way there', () =>
    withWorld(async (world) => {
      const umask = process.umask(0o077);
      await world.releases.obtain(wanted({ url: world.server.url, sha256: world.sha256 }));
      await world.settle().finally(() => process.umask(umask));
      const folder = join(world.root, 'opt/civitas/kubernetes/1.34.9');
      expect((await readdir(folder)).sort()).toEqual(['kubeadm', 'kubectl', 'kubelet']);
      expect((await stat(folder)).mode & 0o777).toBe(0o755);
      expect((await stat(join(folder, 'kubelet'))).mode & 0o777).toBe(0o755);
      expect(sha256(await readFile(join(folder, 'kubelet')))).toBe(sha256(bytesOf('kubelet')));
      expect(await world.store.find(sha256(bytesOf('kubelet')))).toBeUndefined();
    }));

  test('from a bundle stays there for other nodes, and its images stay in the runtime', () =>
    withWorld(async (world) => {
      const { bundle, peers, commands } = world;
      await world.give(peers[0], 'right');
      await world.releases.obtain(wanted({ bundles: [bundle], peers }));
      await world.settle();
      for (const file of bundle.files) {
        expect(await world.store.find(file.sha256)).toMatchObject({ bytes: file.bytes });
      }
      const pins = commands.filter((line) => line.includes('pinned=pinned'));
      expect(pins).toEqual(
        IMAGES.map(
          (image) => `ctr --namespace=k8s.io images label ${image} io.cri-containerd.pinned=pinned`,
        ),
      );
    }));

  test('takes the place of files of earlier bundles, but not of those that are loaded now', () =>
    withWorld(async (world) => {
      const [old, fresh] = [bytesOf('old'), bytesOf('fresh')];
      for (const bytes of [old, fresh]) {
        const incoming = await world.store.incoming(sha256(bytes), 'load');
        await incoming.append(bytes);
        await incoming.keep();
      }
      const { path = '' } = (await world.store.find(sha256(old))) ?? {};
      await utimes(path, 0, 0);
      await world.give(world.peers[0], 'right');
      await world.releases.obtain(wanted({ bundles: [world.bundle], peers: world.peers }));
      await world.settle();
      expect(await world.store.find(sha256(old))).toBeUndefined();
      expect(await world.store.find(sha256(fresh))).toBeDefined();
    }));

  test('that people put into their own folder is used as it is, and never mended', () =>
    withWorld(async (world) => {
      const asked = wanted({ url: world.server.url, sha256: world.sha256 });
      for (const name of ['kubeadm', 'kubelet', 'kubectl']) {
        await write(join(world.root, 'opt/k8s/1.34.9', name), bytesOf(name));
      }
      expect(await world.releases.present(asked)).toEqual({
        folder: '/opt/k8s/1.34.9',
        problem: null,
      });
      await write(join(world.root, 'opt/k8s/1.34.9/kubectl'), bytesOf('another'));
      await world.releases.obtain(asked);
      expect(await world.settle()).toMatchObject({
        code: 'release.wrong-sum',
        retryable: false,
        message: expect.stringContaining('/opt/k8s/1.34.9/kubectl has the SHA-256'),
      });
      expect(world.server.asked).toEqual([]);
    }));

  test('of which no sum is known is judged by what its programs say, each asked once', () =>
    withWorld(async (world) => {
      for (const name of ['kubeadm', 'kubelet', 'kubectl']) {
        await write(join(world.root, 'opt/k8s/1.34.9', name), bytesOf(name));
        await write(join(world.root, 'opt/k8s/1.34.8', name), bytesOf(name));
      }
      const right = { folder: '/opt/k8s/1.34.9', problem: null };
      expect(await world.releases.present(wanted())).toEqual(right);
      expect(await world.releases.present(wanted())).toEqual(right);
      expect(world.commands).toHaveLength(3);
      expect(await world.releases.present(wanted({ version: 'v1.34.8' }))).toMatchObject({
        folder: null,
      });
    }));

  test('needs all three programs in one folder', () =>
    withWorld(async (world) => {
      await write(join(world.root, 'opt/k8s/1.34.9/kubeadm'), bytesOf('kubeadm'));
      expect(await world.releases.present(wanted())).toMatchObject({ folder: null });
    }));

  test('is fetched one after the other where several are asked for', () =>
    withWorld(async (world) => {
      const { server, releases } = world;
      const sums: Record<string, string> = { ...world.sha256 };
      for (const name of ['kubeadm', 'kubelet', 'kubectl'] as const) {
        server.files.set(`/release/v1.34.8/bin/linux/amd64/${name}`, bytesOf(name));
        sums[`v1.34.8/amd64/${name}`] = sha256(bytesOf(name));
      }
      const asked = wanted({ url: server.url, sha256: sums });
      await releases.obtain({ ...asked, version: 'v1.34.8' });
      await releases.obtain(asked);
      expect(await world.settle()).toEqual({ phase: 'done' });
      const versions = server.asked.map((path) => path.split('/')[2]);
      expect(versions).toEqual([...Array(3).fill('v1.34.8'), ...Array(3).fill(VERSION)]);
    }));

  test('is asked of a mirror once, however often it is asked for meanwhile', () =>
    withWorld(async (world) => {
      world.mirror.is('empty');
      const asked = wanted({ url: world.server.url, sha256: world.sha256 });
      await world.releases.obtain(asked);
      await world.releases.obtain(asked);
      await world.settle();
      await world.releases.obtain(wanted({ version: 'v1.34.8' }));
      while ((await world.releases.progress('v1.34.8')).phase === 'under-way') await nextTurn();
      expect(world.server.asked).toHaveLength(1);
    }));

  test.each(['kubelet', 'images.tar'])(
    'of whose file %s the disk lost bytes is fetched again',
    async (name) =>
      withWorld(async (world) => {
        const { bundle, peers, store } = world;
        const { sha256: sum = '' } = bundle.files.find((file) => file.name === name) ?? {};
        const incoming = await store.incoming(sum, 'fetch');
        await write(join(incoming.folder, '..', sum), Buffer.from('rotten'));
        await world.give(peers[0], 'right');
        await world.releases.obtain(wanted({ bundles: [bundle], peers }));
        expect(await world.settle()).toMatchObject({
          code: 'release.wrong-sum',
          message: expect.stringContaining(
            `${sum} has the SHA-256 ${sha256(Buffer.from('rotten'))}`,
          ),
        });
        await world.releases.obtain(wanted({ bundles: [bundle], peers }));
        expect(await world.settle()).toEqual({ phase: 'done' });
      }),
  );
});
