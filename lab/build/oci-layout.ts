import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { host } from '../host.ts';

/** Files of one layer: all of `root`, or only `paths` in it (folders without what is in them). */
export type Layer = { readonly root: string; readonly paths?: readonly string[] };

/** An image to pack. Images that name the same Layer object share it. */
export type Image = {
  readonly name: string;
  readonly layers: readonly Layer[];
  readonly entrypoint: readonly string[];
};

type Descriptor = { readonly mediaType: string; readonly digest: string; readonly size: number };

const OCI = 'application/vnd.oci.image';
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };
const PLATFORM = { os: 'linux', architecture: ARCHITECTURES[process.arch] ?? process.arch };
const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Writes images into a folder laid out as the OCI image specification 1.1 says. Same input, same bytes. */
export async function writeOciLayout(folder: string, images: readonly Image[]): Promise<void> {
  await mkdir(join(folder, 'blobs/sha256'), { recursive: true });
  const layers = new Map<Layer, Descriptor>();
  for (const layer of new Set(images.flatMap((each) => each.layers))) {
    layers.set(layer, await writeLayer(folder, layer));
  }
  const manifests = [];
  for (const image of images) manifests.push(await writeImage(folder, image, layers));
  await writeFile(join(folder, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  await writeFile(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
}

async function writeImage(folder: string, image: Image, all: ReadonlyMap<Layer, Descriptor>) {
  const layers = image.layers.flatMap((each) => all.get(each) ?? []);
  const config = await writeJson(folder, `${OCI}.config.v1+json`, {
    ...PLATFORM,
    config: { Entrypoint: image.entrypoint, Env: [PATH] },
    rootfs: { type: 'layers', diff_ids: layers.map((each) => each.digest) },
  });
  const mediaType = `${OCI}.manifest.v1+json`;
  const manifest = await writeJson(folder, mediaType, {
    schemaVersion: 2,
    mediaType,
    config,
    layers,
  });
  // containerd takes an image's full name from this annotation.
  const annotations = { 'io.containerd.image.name': image.name };
  return { ...manifest, platform: PLATFORM, annotations };
}

async function writeLayer(folder: string, { root, paths }: Layer): Promise<Descriptor> {
  const unnamed = join(folder, 'layer.tar');
  const what = paths === undefined ? ['.'] : ['--no-recursion', ...paths];
  const fixed = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner'];
  await host('tar', ['--create', `--file=${unnamed}`, `--directory=${root}`, ...fixed, ...what]);
  const hash = createHash('sha256');
  await pipeline(createReadStream(unnamed), hash);
  const digest = hash.digest('hex');
  const { size } = await stat(unnamed);
  await rename(unnamed, join(folder, 'blobs/sha256', digest));
  return { mediaType: `${OCI}.layer.v1.tar`, digest: `sha256:${digest}`, size };
}

async function writeJson(folder: string, mediaType: string, value: unknown): Promise<Descriptor> {
  const text = JSON.stringify(value);
  const digest = createHash('sha256').update(text).digest('hex');
  await writeFile(join(folder, 'blobs/sha256', digest), text);
  return { mediaType, digest: `sha256:${digest}`, size: Buffer.byteLength(text) };
}
