import { CivitasError, TerminalError } from '../../errors.ts';
import type { ReleaseProgress, Releases, WantedRelease } from '../../ports/releases.ts';
import type { Arch } from '../../state/bundle.ts';
import { releaseFolders } from '../../state/release-programs.ts';
import { guardDisk } from '../disk-errors.ts';
import type { RunCommand } from '../execa-exec.ts';
import { createProgramVersion } from '../program-version.ts';
import { createContainerImages } from './container-images.ts';
import type { FetchDeps } from './fetch-file.ts';
import { createFileSum } from './file-sum.ts';
import { obtainRelease } from './obtain-release.ts';
import { type FolderVerdict, judgeFolders } from './program-folders.ts';

export interface ReleasesDeps extends FetchDeps {
  /** Stands before the folders of programs. */
  readonly root: string;
  readonly run: RunCommand;
  /** As Node names it. */
  readonly arch: string;
}

/** Node's names of processors to those of Kubernetes; on Linux, Node's ppc64 is the little-endian one. */
const ARCHS: ReadonlyMap<string, Arch> = new Map([
  ['x64', 'amd64'],
  ['arm64', 'arm64'],
  ['ppc64', 'ppc64le'],
  ['s390x', 's390x'],
]);

const IDLE: ReleaseProgress = { phase: 'idle' };
const BEGUN: ReleaseProgress = { phase: 'under-way', file: '', doneBytes: 0, totalBytes: null };

/** Releases on this machine. What several `obtain` ask for is fetched one after the other. */
export function createReleases(deps: ReleasesDeps): Releases {
  const arch = archOf(deps.arch);
  const sumOf = createFileSum();
  const versionOf = createProgramVersion(deps.run);
  const images = createContainerImages(deps.run);
  const progresses = new Map<string, ReleaseProgress>();
  let last: Promise<void> = Promise.resolve();

  const judge = (wanted: WantedRelease): Promise<FolderVerdict> =>
    judgeFolders({ root: deps.root, arch, sumOf, versionOf }, wanted);

  async function obtain(wanted: WantedRelease): Promise<ReleaseProgress> {
    const { version } = wanted;
    try {
      await guardDisk(deps.root, () =>
        obtainRelease({ ...deps, arch, images, judge }, wanted, (file, doneBytes, totalBytes) => {
          progresses.set(version, { phase: 'under-way', file, doneBytes, totalBytes });
        }),
      );
      return { phase: 'done' };
    } catch (error) {
      return failureOf(error);
    }
  }

  return {
    async present(wanted) {
      const verdict = await judge(wanted);
      if (verdict.state === 'right') return { folder: verdict.folder, problem: null };
      const problem = verdict.state === 'wrong' ? verdict.error.message : missing(wanted);
      return { folder: null, problem };
    },
    images: images.list,
    async obtain(wanted) {
      const { version } = wanted;
      if (progresses.get(version)?.phase === 'under-way') return;
      progresses.set(version, BEGUN);
      last = last.then(async () => {
        progresses.set(version, await obtain(wanted));
      });
    },
    progress: async (version) => progresses.get(version) ?? IDLE,
  };
}

function archOf(name: string): Arch {
  const arch = ARCHS.get(name);
  if (arch !== undefined) return arch;
  throw new TerminalError(
    'release.no-arch',
    `Kubernetes is not released for processors of the kind ${name}: use a machine of another kind, such as amd64.`,
  );
}

function missing({ version }: WantedRelease): string {
  const folders = releaseFolders(version).join(', ');
  return `kubeadm, kubelet and kubectl ${version} are in none of ${folders}: they have to be obtained.`;
}

/** What nobody classified is a bug or an outage, so the same attempt may succeed later. */
function failureOf(error: unknown): ReleaseProgress {
  if (error instanceof CivitasError) {
    const { code, message, retryable } = error;
    return { phase: 'failed', code, message, retryable };
  }
  return { phase: 'failed', code: 'internal.unexpected', message: String(error), retryable: true };
}
