import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { TerminalError } from '../../errors.ts';
import { type Arch, type BundleManifest, bundleManifestSchema } from '../../state/bundle.ts';
import { RELEASE_PROGRAMS } from '../../state/release-programs.ts';
import { imagesInArchive } from './archive-images.ts';
import { sumOfFile } from './file-sum.ts';
import { MANIFEST } from './load-bundle.ts';
import { BLOCK_BYTES, paddingOf, tarHeader } from './tar-header.ts';

export interface BundleParts {
  readonly version: string;
  readonly arch: Arch;
  /** Has kubeadm, kubelet and kubectl; null: a bundle of images only. */
  readonly programs: string | null;
  /** Archives of container images. */
  readonly images: readonly string[];
}

/**
 * Writes a bundle, which has its name only once it is whole. Same parts, same bytes. TerminalError
 * `bundle.bad-parts` and `bundle.bad-images`; rejects as the file system does.
 */
export async function createBundle(parts: BundleParts, output: string): Promise<BundleManifest> {
  const sources = [...programsOf(parts), ...parts.images];
  const files: object[] = [];
  for (const path of sources) files.push(await describe(path, parts));
  const manifest = checked({ bundle: 1, version: parts.version, arch: parts.arch, files });
  const temporary = `${output}.civitas-tmp`;
  await rm(temporary, { force: true });
  const file = await open(temporary, 'wx', 0o644);
  try {
    await writeArchive(file, manifest, sources);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, output);
  return manifest;
}

function programsOf({ programs }: BundleParts): readonly string[] {
  return programs === null ? [] : RELEASE_PROGRAMS.map((name) => join(programs, name));
}

async function describe(path: string, { images }: BundleParts): Promise<object> {
  const { size: bytes } = await stat(path);
  const file = { name: basename(path), bytes, sha256: await sumOfFile(path) };
  if (!images.includes(path)) return { type: 'program', ...file };
  return { type: 'images', ...file, images: await imagesInArchive(path) };
}

function checked(manifest: object): BundleManifest {
  const { data, error } = bundleManifestSchema.safeParse(manifest);
  if (data) return data;
  const why = z.prettifyError(error).replace(/\s+/g, ' ').slice(0, 300);
  throw new TerminalError(
    'bundle.bad-parts',
    `These files make no bundle (${why}): rename or leave out what the sentence names.`,
  );
}

async function writeArchive(
  file: FileHandle,
  manifest: BundleManifest,
  sources: readonly string[],
): Promise<void> {
  const text = Buffer.from(JSON.stringify(manifest));
  await file.writeFile(tarHeader(MANIFEST, text.length));
  await file.writeFile(Buffer.concat([text, Buffer.alloc(paddingOf(text.length))]));
  for (const [index, { name, bytes }] of manifest.files.entries()) {
    await file.writeFile(tarHeader(name, bytes));
    await file.writeFile(createReadStream(sources[index] ?? '', { end: bytes - 1 }));
    await file.writeFile(Buffer.alloc(paddingOf(bytes)));
  }
  await file.writeFile(Buffer.alloc(2 * BLOCK_BYTES));
}
