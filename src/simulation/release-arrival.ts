import type { ReleasePresence, WantedRelease } from '../ports/releases.ts';
import type { BundleFile } from '../state/bundle.ts';
import {
  mirrorFailed,
  noSum,
  nowhere,
  wrongSum,
  wrongSumInFolder,
} from '../state/release-errors.ts';
import {
  ownReleaseFolders,
  RELEASE_PROGRAMS,
  type ReleaseProgram,
  releaseFolders,
} from '../state/release-programs.ts';
import { filesOfBundle, knownSum, sumKey } from '../state/release-sums.ts';
import { kubernetesVersions } from './kubernetes-binaries.ts';
import { canTalk } from './network.ts';
import {
  buildOf,
  bundleContent,
  bundlePath,
  imagePath,
  programContent,
  programSum,
} from './release-files.ts';
import { simulatedDigest } from './simulated-digest.ts';
import { putFile, readFile } from './simulated-disk.ts';
import type { PoweredHost, SimulatedHost } from './simulated-host.ts';
import { hostAt, hostNamed, record, type WorldState } from './world-state.ts';

/** What `Releases.present` tells. */
export function presence(host: SimulatedHost, wanted: WantedRelease): ReleasePresence {
  const { version } = wanted;
  const [folder] = ownReleaseFolders(version);
  if (folder === undefined || !kubernetesVersions(host).includes(version)) {
    const problem = `kubeadm, kubelet and kubectl ${version} are in none of ${releaseFolders(version).join(', ')}: they have to be obtained.`;
    return { folder: null, problem };
  }
  for (const program of RELEASE_PROGRAMS) {
    const expected = knownSum(wanted, buildOf(version), program);
    const path = `${folder}/${program}`;
    const found = simulatedDigest(readFile(host.disk, path) ?? programContent(version, program));
    if (expected === undefined || expected === found) continue;
    return { folder: null, problem: wrongSumInFolder(path, expected, found).message };
  }
  return { folder, problem: null };
}

/** The host has this file of a bundle from now on. */
export function putBundleFile(world: WorldState, hostname: string, content: string): void {
  const path = bundlePath({ sha256: simulatedDigest(content) });
  lay(world, hostNamed(world, hostname), path, content);
}

/** All three are there before the first is laid. Throws as `Releases.progress` tells. */
export function bringPrograms(world: WorldState, host: PoweredHost, wanted: WantedRelease): void {
  const { version } = wanted;
  const contents = RELEASE_PROGRAMS.map((program) => {
    const file = `${program} ${version}`;
    const sha256 = knownSum(wanted, buildOf(version), program);
    const sources = [
      () => (sha256 === undefined ? undefined : fromNodes(world, host, { wanted, file, sha256 })),
      () => fromMirror(world, wanted, program),
    ];
    return { program, content: firstThatWorks(file, sources) };
  });
  const [folder = ''] = ownReleaseFolders(version);
  for (const { program, content } of contents) lay(world, host, `${folder}/${program}`, content);
}

/** Those of a bundle of this release. */
export function bringImages(world: WorldState, host: PoweredHost, wanted: WantedRelease): void {
  for (const file of filesOfBundle(wanted.bundles, buildOf(wanted.version))) {
    if (file.type === 'images') bringArchive(world, host, wanted, file);
  }
}

function bringArchive(
  world: WorldState,
  host: PoweredHost,
  wanted: WantedRelease,
  { name, sha256, images }: Extract<BundleFile, { type: 'images' }>,
): void {
  if (images.every((image) => host.disk.files.has(imagePath(image)))) return;
  firstThatWorks(name, [() => fromNodes(world, host, { wanted, file: name, sha256 })]);
  for (const image of images) lay(world, host, imagePath(image), sha256);
}

/** Undefined from a source that has nothing to say; of several failures the last one counts. */
function firstThatWorks(file: string, sources: readonly (() => string | undefined)[]): string {
  let failure: unknown = nowhere(file);
  for (const source of sources) {
    try {
      const content = source();
      if (content !== undefined) return content;
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

interface BundleSearch {
  readonly wanted: WantedRelease;
  readonly file: string;
  readonly sha256: string;
}

/** A file of a bundle is kept by each node that gets it, so that it can pass it on. */
function fromNodes(
  world: WorldState,
  host: PoweredHost,
  { wanted, file, sha256 }: BundleSearch,
): string | undefined {
  const own = bundleContent(host.disk, sha256);
  if (own !== undefined) return own;
  const lies: Error[] = [];
  for (const { address } of wanted.peers) {
    const peer = hostAt(world, address);
    const content = peer && canTalk(world, host, peer) && bundleContent(peer.disk, sha256);
    if (typeof content !== 'string') continue;
    const found = simulatedDigest(content);
    if (found === sha256) {
      lay(world, host, bundlePath({ sha256 }), content);
      return content;
    }
    lies.push(wrongSum(`${file} of the node at ${address}`, sha256, found));
  }
  if (lies[0]) throw lies[0];
  return undefined;
}

function fromMirror(
  world: WorldState,
  wanted: WantedRelease,
  program: ReleaseProgram,
): string | undefined {
  const { url, version } = wanted;
  const key = sumKey(buildOf(version), program);
  if (url === null) return undefined;
  const asked = knownSum(wanted, buildOf(version), program);
  if (asked === undefined && url.startsWith('http:')) throw noSum(url, key);
  const mirror = world.mirrors.get(url);
  const path = `${url}/release/${version}/bin/linux/amd64/${program}`;
  if (!mirror || mirror.isDown) throw mirrorFailed(path, 'it does not answer');
  if (!mirror.versions.includes(version)) throw mirrorFailed(path, 'it answers 404');
  const content = mirror.wrong?.includes(key) ? `not ${key}` : programContent(version, program);
  const expected = asked ?? programSum(version, program);
  const found = simulatedDigest(content);
  if (found === expected) return content;
  throw wrongSum(path, expected, found);
}

function lay(
  world: WorldState,
  { name, disk }: SimulatedHost,
  path: string,
  content: string,
): void {
  putFile(disk, path, { content, mode: 0o755, nowMs: world.clock.nowMs(), synced: true });
  record(world, name, 'file.written', path);
}
