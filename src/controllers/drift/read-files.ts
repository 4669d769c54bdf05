import type { Ports } from '../../ports/index.ts';

interface ReadFile {
  /** Null where there is no such file. */
  readonly stamp: string | null;
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
  // Asked first: what is written meanwhile has another stamp at the next look.
  const stamps = await files.stamps(paths);
  if (paths.every((path, index) => isRead(before.get(path), stamps[index]))) return before;
  const nowMs = clock.nowMs();
  const read = paths.map(async (path, index): Promise<readonly [string, ReadFile]> => {
    const stamp = stamps[index] ?? null;
    const known = before.get(path);
    if (known && isRead(known, stamp)) return [path, known];
    const isSame = known?.stamp === stamp;
    const sinceMs = isSame ? known.sinceMs : nowMs;
    const content = stamp === null ? undefined : await files.read(path);
    return [path, { stamp, content, sinceMs, isSure: nowMs - sinceMs >= TICK_MS }];
  });
  return new Map(await Promise.all(read));
}

function isRead(known: ReadFile | undefined, stamp: string | null | undefined): boolean {
  return known?.isSure === true && known.stamp === stamp;
}
