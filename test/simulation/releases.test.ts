import { describe, expect, test } from '@jest/globals';
import type { ReleaseProgress } from '../../src/ports/releases.ts';
import {
  buildOf,
  bundlePath,
  imagesOfRelease,
  programContent,
  programSum,
  type SimulatedMirror,
} from '../../src/simulation/release-files.ts';
import { simulatedDigest } from '../../src/simulation/simulated-digest.ts';
import { putFile } from '../../src/simulation/simulated-disk.ts';
import { hostNamed } from '../../src/simulation/world-state.ts';
import type { Bundle, BundleFile } from '../../src/state/bundle.ts';
import { RELEASE_PROGRAMS } from '../../src/state/release-programs.ts';
import { sumKey } from '../../src/state/release-sums.ts';
import {
  IMAGES,
  type ReleaseWorld,
  releasesContract,
  VERSION,
} from '../contracts/releases.contract.ts';
import { simulatedBench } from './simulated-bench.ts';

const URL = 'http://mirror.test';
const ARCHIVE = 'two images';

const MIRRORS: Readonly<Record<'right' | 'wrong' | 'down' | 'empty', SimulatedMirror>> = {
  right: { versions: [VERSION] },
  wrong: { versions: [VERSION], wrong: [`${VERSION}/amd64/kubelet`] },
  down: { versions: [VERSION], isDown: true },
  empty: { versions: [] },
};

function simulatedWorld(): ReleaseWorld {
  const bench = simulatedBench({ hosts: 3 });
  const { world, clock } = bench;
  const releases = bench.host(0).ports.releases;
  const write = (hostname: string, path: string, content: string): void => {
    const { disk } = hostNamed(world.state, hostname);
    putFile(disk, path, { content, mode: 0o755, nowMs: clock.nowMs(), synced: true });
  };
  const bundle = bundleOf();
  const peerOf = (index: number) => {
    const { name, address } = bench.host(index);
    return { nodeId: name, address, port: 7_946 };
  };
  world.setMirror(URL, MIRRORS.right);
  return {
    releases,
    sha256: sums(),
    bundle,
    mirror: { url: URL, is: (state) => world.setMirror(URL, MIRRORS[state]) },
    peers: [peerOf(1), peerOf(2)],
    async give({ nodeId }, files) {
      const contents = [...RELEASE_PROGRAMS.map((each) => programContent(VERSION, each)), ARCHIVE];
      for (const content of contents) {
        const path = bundlePath({ sha256: simulatedDigest(content) });
        write(nodeId, path, files === 'right' ? content : 'other bytes');
      }
    },
    damage: async (program) => write('n1', `/opt/civitas/kubernetes/1.34.9/${program}`, 'damaged'),
    async settle() {
      let progress: ReleaseProgress = await releases.progress(VERSION);
      while (progress.phase === 'under-way') {
        await clock.advance(100);
        progress = await releases.progress(VERSION);
      }
      return progress;
    },
    close: async () => undefined,
  };
}

function sums(): Readonly<Record<string, string>> {
  const build = buildOf(VERSION);
  return Object.fromEntries(
    RELEASE_PROGRAMS.map((program) => [sumKey(build, program), programSum(VERSION, program)]),
  );
}

function bundleOf(): Bundle {
  const programs = RELEASE_PROGRAMS.map((name): BundleFile => {
    return { type: 'program', name, bytes: 10, sha256: programSum(VERSION, name) };
  });
  const sha256 = simulatedDigest(ARCHIVE);
  const archive: BundleFile = {
    type: 'images',
    name: 'images.tar',
    bytes: 10,
    sha256,
    images: IMAGES,
  };
  const files = [...programs, archive];
  return { bundle: 1, ...buildOf(VERSION), files, loadedBy: 'aaaaaaaaaaa', loadedWallMs: 1 };
}

releasesContract(async () => simulatedWorld());

describe('a simulated host', () => {
  test('has the release that it came with, and the images of it', async () => {
    const { releases } = simulatedBench({ hosts: 1 }).host(0).ports;
    const wanted = { version: 'v1.34.4', url: null, sha256: {}, bundles: [], peers: [] };
    expect(await releases.present(wanted)).toEqual({
      folder: '/opt/civitas/kubernetes/1.34.4',
      problem: null,
    });
    expect(await releases.images()).toEqual(
      expect.arrayContaining([...imagesOfRelease('v1.34.4')]),
    );
  });

  test('forgets with its power what was under way', async () => {
    const { world, host } = simulatedBench({ hosts: 1 });
    const { releases } = host(0).ports;
    await releases.obtain({ version: VERSION, url: null, sha256: {}, bundles: [], peers: [] });
    world.powerOff('n1');
    world.boot('n1');
    expect(await releases.progress(VERSION)).toEqual({ phase: 'idle' });
  });

  test('takes the sums of a mirror with encryption at their word', async () => {
    const { world, host, clock } = simulatedBench({ hosts: 1 });
    const { releases } = host(0).ports;
    world.setMirror('https://mirror.test', { versions: [VERSION] });
    const url = 'https://mirror.test';
    await releases.obtain({ version: VERSION, url, sha256: {}, bundles: [], peers: [] });
    await clock.advance(10_000);
    expect(await releases.progress(VERSION)).toEqual({ phase: 'done' });
  });
});
