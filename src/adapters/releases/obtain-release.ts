import { join } from 'node:path';
import type { WantedRelease } from '../../ports/releases.ts';
import type { Arch, BundleFile } from '../../state/bundle.ts';
import { noSum, nowhere, wrongSum } from '../../state/release-errors.ts';
import { RELEASE_PROGRAMS, type ReleaseProgram } from '../../state/release-programs.ts';
import { filesOfBundle, knownSum, sumKey } from '../../state/release-sums.ts';
import type { ContainerImages } from './container-images.ts';
import { type FetchDeps, fetchFile, type TellProgress, type WantedFile } from './fetch-file.ts';
import type { FileStore, StoredFile } from './file-store.ts';
import { sumOfFile } from './file-sum.ts';
import { installProgram, writableFolder } from './install-program.ts';
import { mirrorSum } from './mirror-sum.ts';
import type { FolderVerdict } from './program-folders.ts';

/** What people load has no name in the log before all of it is there. */
const LOADING_MS = 86_400_000;

export interface ObtainDeps extends FetchDeps {
  readonly root: string;
  readonly arch: Arch;
  readonly images: ContainerImages;
  judge(wanted: WantedRelease): Promise<FolderVerdict>;
}

/** All that `Releases.obtain` promises. Rejects with what `Releases.progress` then tells. */
export async function obtainRelease(
  deps: ObtainDeps,
  wanted: WantedRelease,
  tell: TellProgress,
): Promise<void> {
  const verdict = await deps.judge(wanted);
  if (verdict.state === 'wrong' && !verdict.isOurs) throw verdict.error;
  if (verdict.state !== 'right') await obtainPrograms(deps, wanted, tell);
  await obtainImages(deps, wanted, tell);
  const sums = wanted.bundles.flatMap(({ files }) => files.map(({ sha256 }) => sha256));
  await deps.store.forgetOthers(new Set(sums), deps.clock.wallMs() - LOADING_MS);
}

/** All are fetched before the first is installed, so a wrong sum leaves the folder as it was. */
async function obtainPrograms(
  deps: ObtainDeps,
  wanted: WantedRelease,
  tell: TellProgress,
): Promise<void> {
  const { root, store } = deps;
  const files: WantedFile[] = [];
  for (const program of RELEASE_PROGRAMS) {
    const file = await programFile(deps, wanted, program);
    await fetchFile(deps, file, tell);
    files.push(file);
  }
  const folder = join(root, await writableFolder(root, wanted.version));
  for (const { name, sha256 } of files) {
    const stored = await store.find(sha256);
    if (!stored) throw nowhere(name);
    const found = await installProgram(stored.path, sha256, { folder, name });
    if (found !== undefined) await refuseRotten(store, { stored, sha256, found });
  }
  // Those of a bundle stay, as other nodes may ask for them.
  for (const { sha256, bytes } of files) if (bytes === undefined) await store.remove(sha256);
}

async function programFile(
  { arch, clock }: ObtainDeps,
  wanted: WantedRelease,
  program: ReleaseProgram,
): Promise<WantedFile> {
  const { version, peers, bundles } = wanted;
  const build = { version, arch };
  const url = mirrorUrl(wanted, arch, program);
  const known = knownSum(wanted, build, program);
  if (known === undefined && url === undefined) throw nowhere(`${program} ${version}`);
  if (known === undefined && url?.startsWith('http:')) throw noSum(url, sumKey(build, program));
  const sha256 = known ?? (await mirrorSum(clock, url ?? ''));
  const bytes = filesOfBundle(bundles, build).find((file) => file.sha256 === sha256)?.bytes;
  return { name: program, sha256, bytes, url, peers };
}

/** As dl.k8s.io is laid out. */
function mirrorUrl(
  { url, version }: WantedRelease,
  arch: Arch,
  program: ReleaseProgram,
): string | undefined {
  if (url === null) return undefined;
  return `${url.replace(/\/+$/, '')}/release/${version}/bin/linux/${arch}/${program}`;
}

async function obtainImages(
  deps: ObtainDeps,
  wanted: WantedRelease,
  tell: TellProgress,
): Promise<void> {
  const { version, bundles, peers } = wanted;
  const archives = filesOfBundle(bundles, { version, arch: deps.arch }).filter(isArchive);
  if (archives.length === 0) return;
  const there = new Set(await deps.images.list());
  for (const { name, sha256, bytes, images } of archives) {
    if (!images.every((image) => there.has(image))) {
      const file = await fetchFile(deps, { name, sha256, bytes, url: undefined, peers }, tell);
      tell(name, bytes, bytes);
      const found = await sumOfFile(file.path);
      if (found !== sha256) await refuseRotten(deps.store, { stored: file, sha256, found });
      await deps.images.importArchive(file.path, images);
    }
    await deps.images.pin(images);
  }
}

interface RottenFile {
  readonly stored: StoredFile;
  readonly sha256: string;
  readonly found: string;
}

/** It was right when it came: without it, the next attempt fetches it again. */
async function refuseRotten(store: FileStore, file: RottenFile): Promise<never> {
  await store.remove(file.sha256);
  throw wrongSum(file.stored.path, file.sha256, file.found);
}

function isArchive(file: BundleFile): file is Extract<BundleFile, { type: 'images' }> {
  return file.type === 'images';
}
