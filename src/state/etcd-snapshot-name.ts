const KEPT = 3;
const NAME = /^etcd-(\d{6})-(.+)\.db$/;

/**
 * `etcd-000007-<why>.db`, with one number more than any name before: which is the newest is told
 * without a clock.
 */
export function nextSnapshotName(names: readonly string[], why: string): string {
  const highest = Math.max(0, ...names.map((name) => Number(NAME.exec(name)?.[1] ?? 0)));
  return `etcd-${String(highest + 1).padStart(6, '0')}-${why}.db`;
}

/** The name of the newest one that was saved for that cause. */
export function snapshotOf(why: string, names: readonly string[]): string | undefined {
  return names
    .filter((name) => NAME.exec(name)?.[2] === why)
    .toSorted()
    .at(-1);
}

/** Those to be removed: all but the newest of each cause, all but the newest three, and what is half written. */
export function outdatedSnapshots(names: readonly string[]): readonly string[] {
  const newestFirst = names
    .filter((name) => NAME.test(name))
    .toSorted()
    .toReversed();
  const causes = newestFirst.map((name) => NAME.exec(name)?.[2]);
  const newestOfEach = newestFirst.filter((_, index) => causes.indexOf(causes[index]) === index);
  const kept = newestOfEach.slice(0, KEPT);
  return names.filter((name) => name.startsWith('etcd-') && !kept.includes(name));
}
