import { createReadStream } from 'node:fs';
import { TerminalError } from '../../errors.ts';
import { type BundleFile, type BundleManifest, bundleManifestSchema } from '../../state/bundle.ts';
import { parseJson } from '../../state/parse-json.ts';
import { wrongSumInBundle } from '../../state/release-errors.ts';
import type { FileStore } from './file-store.ts';
import { shortText } from './short-text.ts';
import { type TarEntry, tarEntries } from './tar-entries.ts';

/** The first file of the archive. */
export const MANIFEST = 'manifest.json';
const MOST_MANIFEST_LETTERS = 262_144;

/**
 * Takes a bundle apart: each file gets its name in the store once its sum was found right. What is there
 * already is not written again. Resolves to what the bundle says of itself, once all of it is there.
 * TerminalError `bundle.bad-archive` for anything else than a whole bundle, `release.wrong-sum`.
 */
export async function loadBundle(
  path: string,
  store: FileStore,
  onFile: (name: string) => void,
): Promise<BundleManifest> {
  const entries = tarEntries(createReadStream(path), (why) => badArchive(path, why));
  const first = await entries.next();
  const manifest = await manifestIn(path, first.done ? undefined : first.value);
  for await (const entry of entries) {
    onFile(entry.name);
    await takeIn(path, store, entry, manifest);
  }
  for (const file of manifest.files) await refuseMissing(path, store, file);
  return manifest;
}

async function manifestIn(path: string, entry: TarEntry | undefined): Promise<BundleManifest> {
  if (entry?.name !== MANIFEST) throw badArchive(path, `its first file is not ${MANIFEST}`);
  const text = await shortText(entry.body, MOST_MANIFEST_LETTERS);
  const { data } = bundleManifestSchema.safeParse(parseJson(text));
  if (data) return data;
  throw badArchive(path, `its ${MANIFEST} is none that this release understands`);
}

async function takeIn(
  path: string,
  store: FileStore,
  { name, bytes, body }: TarEntry,
  { files }: BundleManifest,
): Promise<void> {
  const file = files.find((each) => each.name === name);
  if (!file) throw badArchive(path, `its ${MANIFEST} does not name ${name}`);
  if (file.bytes !== bytes) throw badArchive(path, `${name} has another size than it should`);
  if (await store.find(file.sha256)) return;
  const incoming = await store.incoming(file.sha256, 'load');
  await incoming.startOver();
  for await (const piece of body) await incoming.append(piece);
  const found = await incoming.keep();
  if (found !== undefined) throw wrongSumInBundle(path, file, found);
}

async function refuseMissing(path: string, store: FileStore, { name, sha256 }: BundleFile) {
  if (await store.find(sha256)) return;
  throw badArchive(path, `${name} is missing in it`);
}

function badArchive(path: string, why: string): TerminalError {
  return new TerminalError(
    'bundle.bad-archive',
    `${path} is no whole bundle (${why}): make it with \`civitas bundle create\`, or copy it again.`,
  );
}
