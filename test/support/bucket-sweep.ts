import type { Bucket } from '../../src/ports/bucket.ts';

/** Deletes all that a bucket holds, once it answers: for tests that share one log. */
export async function emptyBucket(bucket: Bucket): Promise<void> {
  const paths = await pathsOf(bucket);
  for (const path of paths) await bucket.write(path, null, undefined);
}

/** All keys, as a new watch finds them. */
function pathsOf(bucket: Bucket): Promise<ReadonlySet<string>> {
  const deleted = new Set<string>();
  return new Promise((resolve) => {
    const unwatch = bucket.watch({
      onRecord({ path, text }) {
        if (text === null) deleted.add(path);
      },
      onCaughtUp(paths) {
        unwatch();
        resolve(new Set([...paths].filter((path) => !deleted.has(path))));
      },
      onHeard: () => undefined,
      onInterrupted: () => undefined,
      onFailover: () => undefined,
    });
  });
}
