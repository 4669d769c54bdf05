import type { Ports } from '../../ports/index.ts';

interface ReadFile {
  readonly stamp: string | undefined;
  /** Undefined where there is no such file. */
  readonly content: string | undefined;
  /** Since when it has had that stamp. */
  readonly sinceMs: number;
  /** It was read again once nothing written before could have the same stamp. */
  readonly isSure: boolean;
}

/** By path. */
export type ReadFiles = ReadonlyMap<string, ReadFile>;

/** Longer than a tick of the kernel's clock, by which files are dated. */
const TICK_MS = 1_000;

/** Reads only what has changed since it was read before, and what may have changed right afterwards. */
export async function readFiles(
  { clock, files }: Pick<Ports, 'clock' | 'files'>,
  paths: readonly string[],
  before: ReadFiles,
): Promise<ReadFiles> {
  const read = await Promise.all(
    paths.map(async (path): Promise<readonly [string, ReadFile]> => {
      // Asked first: what is written meanwhile has another stamp at the next look.
      const stamp = await files.stamp(path);
      const known = before.get(path);
      const isSame = known !== undefined && known.stamp === stamp;
      if (isSame && known.isSure) return [path, known];
      const nowMs = clock.nowMs();
      const sinceMs = isSame ? known.sinceMs : nowMs;
      const content = stamp === undefined ? undefined : await files.read(path);
      return [path, { stamp, content, sinceMs, isSure: nowMs - sinceMs >= TICK_MS }];
    }),
  );
  return new Map(read);
}
