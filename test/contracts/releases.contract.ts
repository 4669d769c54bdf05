import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type {
  ReleasePeer,
  ReleaseProgress,
  Releases,
  WantedRelease,
} from '../../src/ports/releases.ts';
import type { Bundle } from '../../src/state/bundle.ts';
import type { ReleaseProgram } from '../../src/state/release-programs.ts';

/** One host that lacks v1.34.9, a mirror, and two nodes that may have its bundle. */
export interface ReleaseWorld {
  readonly releases: Releases;
  /** Of the programs as they were released, as spec.binaries.sha256 has them. */
  readonly sha256: Readonly<Record<string, string>>;
  /** The three programs, and an archive of IMAGES. */
  readonly bundle: Bundle;
  readonly mirror: {
    /** Not encrypted. */
    readonly url: string;
    /** From now on; at the start it has all. */
    is(state: 'right' | 'wrong' | 'down' | 'empty'): void;
  };
  readonly peers: readonly [ReleasePeer, ReleasePeer];
  /** That one has the bundle now, or other bytes under its names. */
  give(peer: ReleasePeer, files: 'right' | 'wrong'): Promise<void>;
  /** Somebody writes over a program that civitas put there. */
  damage(program: ReleaseProgram): Promise<void>;
  /** Lets time pass until nothing is under way for v1.34.9. */
  settle(): Promise<ReleaseProgress>;
  close(): Promise<void>;
}

export const VERSION = 'v1.34.9';
export const IMAGES = ['registry.k8s.io/kube-proxy:v1.34.9', 'registry.k8s.io/pause:3.99'];

const FOLDER = '/opt/civitas/kubernetes/1.34.9';
const IS_THERE = { folder: FOLDER, problem: null };
const IS_ABSENT = { folder: null, problem: expect.stringContaining('have to be obtained') };

/** What Releases promises, simulated and real. `openWorld` is called for each test. */
export function releasesContract(openWorld: () => Promise<ReleaseWorld>): void {
  describe('a release', () => {
    let world: ReleaseWorld;

    beforeEach(async () => {
      world = await openWorld();
    });

    afterEach(async () => {
      await world.close();
    });

    /** Without any source but those given. */
    const wanted = (given: Partial<WantedRelease>): WantedRelease => {
      return { version: VERSION, url: null, sha256: {}, bundles: [], peers: [], ...given };
    };
    const fromMirror = () => wanted({ url: world.mirror.url, sha256: world.sha256 });
    const fromPeers = () => wanted({ bundles: [world.bundle], peers: world.peers });

    async function obtain(asked: WantedRelease): Promise<ReleaseProgress> {
      await world.releases.obtain(asked);
      return world.settle();
    }

    const failure = (code: string, retryable: boolean, message = '') => {
      return { phase: 'failed', code, retryable, message: expect.stringContaining(message) };
    };

    test('that nobody has is absent, and stays so', async () => {
      const { releases } = world;
      const before = [await releases.progress(VERSION), await releases.present(wanted({}))];
      expect(before).toEqual([{ phase: 'idle' }, IS_ABSENT]);
      expect(await obtain(wanted({}))).toEqual(failure('release.nowhere', true, 'kubeadm'));
      expect(await releases.present(wanted({}))).toEqual(IS_ABSENT);
    });

    test('comes from a mirror', async () => {
      expect(await obtain(fromMirror())).toEqual({ phase: 'done' });
      expect(await world.releases.present(fromMirror())).toEqual(IS_THERE);
      expect(await obtain(wanted({}))).toEqual({ phase: 'done' });
    });

    test('is under way until it is there, also when it is asked for again', async () => {
      await world.releases.obtain(fromMirror());
      await world.releases.obtain(wanted({}));
      expect(await world.releases.progress(VERSION)).toMatchObject({ phase: 'under-way' });
      expect(await world.settle()).toEqual({ phase: 'done' });
    });

    test('is not taken from a mirror without encryption unless its sums are known', async () => {
      const asked = wanted({ url: world.mirror.url });
      const key = `${VERSION}/${world.bundle.arch}/kubeadm`;
      expect(await obtain(asked)).toEqual(failure('release.no-sum', false, key));
      expect(await world.releases.present(asked)).toEqual(IS_ABSENT);
    });

    test('with a wrong sum is refused by name and sums, and nothing of it is kept', async () => {
      const { mirror, releases, sha256 } = world;
      mirror.is('wrong');
      const expected = sha256[`${VERSION}/${world.bundle.arch}/kubelet`];
      const refused = await obtain(fromMirror());
      expect(refused).toEqual(failure('release.wrong-sum', false, `instead of ${expected}`));
      expect(refused).toMatchObject({
        message: expect.stringMatching(/\/kubelet has the SHA-256 [0-9a-f]{64}/),
      });
      expect(await releases.present(fromMirror())).toEqual(IS_ABSENT);
      mirror.is('right');
      expect(await obtain(fromMirror())).toEqual({ phase: 'done' });
    });

    test.each(['down', 'empty'] as const)(
      'comes once a mirror that is %s has it',
      async (state) => {
        world.mirror.is(state);
        expect(await obtain(fromMirror())).toEqual(
          failure('release.mirror', true, world.mirror.url),
        );
        world.mirror.is('right');
        expect(await obtain(fromMirror())).toEqual({ phase: 'done' });
      },
    );

    test('comes from a node that has its bundle, with its images', async () => {
      const { bundle, give, peers, releases } = world;
      expect(await obtain(fromPeers())).toEqual(failure('release.nowhere', true));
      await give(peers[1], 'right');
      expect(await obtain(fromPeers())).toEqual({ phase: 'done' });
      expect(await releases.present(wanted({ bundles: [bundle] }))).toEqual(IS_THERE);
      expect(await releases.images()).toEqual(expect.arrayContaining(IMAGES));
    });

    test('is not taken from a node that sends other bytes', async () => {
      const { give, peers, releases } = world;
      await give(peers[0], 'wrong');
      const refused = await obtain(fromPeers());
      expect(refused).toEqual(failure('release.wrong-sum', false, peers[0].address));
      expect(await releases.present(fromPeers())).toEqual(IS_ABSENT);
      await give(peers[1], 'right');
      expect(await obtain(fromPeers())).toEqual({ phase: 'done' });
    });

    test('comes from a mirror where no node has it', async () => {
      const asked = { ...fromPeers(), url: world.mirror.url, bundles: [programsOf(world.bundle)] };
      expect(await obtain(asked)).toEqual({ phase: 'done' });
    });

    test('of another processor or version is no use', async () => {
      const { bundle, give, peers } = world;
      await give(peers[0], 'right');
      const bundles: Bundle[] = [
        { ...bundle, arch: 's390x' },
        { ...bundle, version: 'v1.34.8' },
      ];
      const asked = { ...fromPeers(), bundles };
      expect(await obtain(asked)).toEqual(failure('release.nowhere', true));
    });

    test('that was changed on the disk is brought there again', async () => {
      await obtain(fromMirror());
      await world.damage('kubelet');
      expect(await world.releases.present(fromMirror())).toEqual({
        folder: null,
        problem: expect.stringContaining(`${FOLDER}/kubelet has the SHA-256`),
      });
      expect(await obtain(fromMirror())).toEqual({ phase: 'done' });
      expect(await world.releases.present(fromMirror())).toEqual(IS_THERE);
    });
  });
}

function programsOf(bundle: Bundle): Bundle {
  return { ...bundle, files: bundle.files.filter(({ type }) => type === 'program') };
}
