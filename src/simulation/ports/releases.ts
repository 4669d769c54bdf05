import { CivitasError } from '../../errors.ts';
import type { ReleaseProgress, Releases, WantedRelease } from '../../ports/releases.ts';
import { RELEASE_PROGRAMS } from '../../state/release-programs.ts';
import { filesOfBundle } from '../../state/release-sums.ts';
import { bringImages, bringPrograms, presence } from '../release-arrival.ts';
import { buildOf, imagesOn } from '../release-files.ts';
import type { PoweredHost } from '../simulated-host.ts';
import type { WorldState } from '../world-state.ts';
import { powered } from './powered.ts';

/** A program of 80 MB, or an archive of images, by an ordinary line. */
const FILE_MS = 2_000;

/** An `obtain` whose end nobody asked for yet; what it brings arrives when somebody looks. */
interface Obtaining {
  readonly wanted: WantedRelease;
  readonly files: readonly string[];
  readonly startedMs: number;
  readonly boot: number;
  progress: ReleaseProgress;
}

/** Releases on one simulated host, as one process of its agent sees them. */
export function simulatedReleases(world: WorldState, host: string): Releases {
  const obtaining = new Map<string, Obtaining>();

  function goOn(version: string): ReleaseProgress {
    const machine = powered(world, host);
    const found = obtaining.get(version);
    if (found?.boot !== machine.runtime.boot) return { phase: 'idle' };
    if (found.progress.phase === 'under-way') found.progress = progressOf(world, machine, found);
    return found.progress;
  }

  return {
    async present(wanted) {
      goOn(wanted.version);
      return presence(powered(world, host), wanted);
    },

    async images() {
      for (const version of obtaining.keys()) goOn(version);
      return imagesOn(powered(world, host));
    },

    async obtain(wanted) {
      if (goOn(wanted.version).phase === 'under-way') return;
      const { runtime } = powered(world, host);
      obtaining.set(wanted.version, {
        wanted,
        files: missing(powered(world, host), wanted),
        startedMs: world.clock.nowMs(),
        boot: runtime.boot,
        progress: { phase: 'under-way', file: '', doneBytes: 0, totalBytes: null },
      });
    },

    progress: async (version) => goOn(version),
  };
}

function missing(host: PoweredHost, wanted: WantedRelease): readonly string[] {
  const archives = filesOfBundle(wanted.bundles, buildOf(wanted.version)).flatMap((file) =>
    file.type === 'images' ? [file.name] : [],
  );
  return presence(host, wanted).folder === null ? [...RELEASE_PROGRAMS, ...archives] : archives;
}

function progressOf(world: WorldState, host: PoweredHost, found: Obtaining): ReleaseProgress {
  const { wanted, files, startedMs } = found;
  const elapsedMs = (world.clock.nowMs() - startedMs) * world.speed;
  const file = files[Math.floor(elapsedMs / FILE_MS)];
  if (file !== undefined) return { phase: 'under-way', file, doneBytes: 0, totalBytes: null };
  try {
    arrive(world, host, wanted);
    return { phase: 'done' };
  } catch (error) {
    if (!(error instanceof CivitasError)) throw error;
    const { code, message, retryable } = error;
    return { phase: 'failed', code, message, retryable };
  }
}

function arrive(world: WorldState, host: PoweredHost, wanted: WantedRelease): void {
  if (presence(host, wanted).folder === null) bringPrograms(world, host, wanted);
  bringImages(world, host, wanted);
}
