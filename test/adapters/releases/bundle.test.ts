import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { imagesInArchive } from '../../../src/adapters/releases/archive-images.ts';
import { type BundleParts, createBundle } from '../../../src/adapters/releases/create-bundle.ts';
import { createBundleStore, type FileStore } from '../../../src/adapters/releases/file-store.ts';
import { loadBundle } from '../../../src/adapters/releases/load-bundle.ts';
import { RELEASE_PROGRAMS } from '../../../src/state/release-programs.ts';
import { IMAGES, VERSION } from '../../contracts/releases.contract.ts';
import { temporaryFolders } from '../temporary-folder.ts';
import { bundle, bytesOf, imageArchive, sha256, tarOf, write } from './real-world.ts';

const tar = promisify(execFile);
const temporaryFolder = temporaryFolders();
const { loadedBy: _by, loadedWallMs: _at, ...MANIFEST } = bundle();
const CONTENTS = {
  'manifest.json': Buffer.from(JSON.stringify(MANIFEST)),
  kubeadm: bytesOf('kubeadm'),
  kubelet: bytesOf('kubelet'),
  kubectl: bytesOf('kubectl'),
  'images.tar': imageArchive(IMAGES),
};

let folder: string;
let store: FileStore;
let parts: BundleParts;
let output: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  store = createBundleStore(join(folder, 'state'));
  output = join(folder, 'v1.34.9.bundle');
  for (const name of RELEASE_PROGRAMS) await write(join(folder, 'bin', name), bytesOf(name));
  await write(join(folder, 'images.tar'), imageArchive(IMAGES));
  await write(join(folder, 'odd.tar'), imageArchive(['--all']));
  const images = [join(folder, 'images.tar')];
  parts = { version: VERSION, arch: 'amd64', programs: join(folder, 'bin'), images };
});

async function load(archive: Buffer): Promise<unknown> {
  await writeFile(output, archive);
  return loadBundle(output, store, () => undefined);
}

/** Names of the files in the store, and of what is half there. */
async function stored(): Promise<readonly string[]> {
  const names = await readdir(join(folder, 'state/bundle'), { recursive: true }).catch(() => []);
  return names.filter((name) => name !== 'incoming').sort();
}

describe('a bundle', () => {
  test('is loaded as it was created', async () => {
    expect(await createBundle(parts, output)).toEqual(MANIFEST);
    const names: string[] = [];
    expect(await loadBundle(output, store, (name) => names.push(name))).toEqual(MANIFEST);
    expect(names).toEqual([...RELEASE_PROGRAMS, 'images.tar']);
    expect(await stored()).toEqual(MANIFEST.files.map((file) => file.sha256).sort());
    for (const file of MANIFEST.files) {
      const found = await store.find(file.sha256);
      expect(sha256(await readFile(found?.path ?? ''))).toBe(file.sha256);
    }
  });

  test('is the same for the same parts', async () => {
    await createBundle(parts, output);
    await createBundle(parts, `${output}.again`);
    expect(sha256(await readFile(output))).toBe(sha256(await readFile(`${output}.again`)));
  });

  test('is a plain archive that tar understands, and one of tar is a bundle', async () => {
    await createBundle(parts, output);
    const { stdout } = await tar('tar', ['--list', '--file', output]);
    expect(stdout.trim().split('\n')).toEqual(Object.keys(CONTENTS));
    for (const [name, bytes] of Object.entries(CONTENTS))
      await write(join(folder, 'x', name), bytes);
    const names = Object.keys(CONTENTS);
    await tar('tar', ['--create', '--file', output, '--directory', join(folder, 'x'), ...names]);
    expect(await loadBundle(output, store, () => undefined)).toEqual(MANIFEST);
  });

  test('that is loaded twice is written once', async () => {
    await load(tarOf(CONTENTS));
    const { path = '' } = (await store.find(sha256(bytesOf('kubelet')))) ?? {};
    await writeFile(path, 'as it is');
    await load(tarOf(CONTENTS));
    expect(await readFile(path, 'utf8')).toBe('as it is');
  });

  test('that was loaded halfway is loaded from its beginning', async () => {
    const incoming = await store.incoming(sha256(bytesOf('kubelet')), 'load');
    await incoming.append(Buffer.from('half of it'));
    expect(await load(tarOf(CONTENTS))).toEqual(MANIFEST);
  });

  test('of images alone is one, and so is one of programs alone', async () => {
    expect((await createBundle({ ...parts, programs: null }, output)).files).toHaveLength(1);
    expect((await createBundle({ ...parts, images: [] }, output)).files).toHaveLength(3);
  });

  test('with other bytes than it says is refused by file, sums and cure, and nothing of them is kept', async () => {
    const kubelet = bytesOf('another');
    await expect(load(tarOf({ ...CONTENTS, kubelet }))).rejects.toMatchObject({
      code: 'release.wrong-sum',
      message: `kubelet in ${output} has the SHA-256 ${sha256(kubelet)} instead of ${sha256(bytesOf('kubelet'))}, which the bundle itself names, so it is not kept: copy the bundle again, or make it again with \`civitas bundle create\`.`,
    });
    expect(await stored()).toEqual([sha256(bytesOf('kubeadm'))]);
  });

  test.each<{ what: string; archive: () => Buffer; why: string }>([
    { what: 'nothing', archive: () => Buffer.alloc(0), why: 'ends too early' },
    { what: 'text', archive: () => Buffer.alloc(2_000, 'text'), why: 'no plain tar' },
    {
      what: 'one that was cut off',
      archive: () => tarOf(CONTENTS).subarray(0, 500_000),
      why: 'ends too early',
    },
    {
      what: 'one without a file that it names',
      archive: () => {
        const { kubelet: _missing, ...others } = CONTENTS;
        return tarOf(others);
      },
      why: 'kubelet is missing',
    },
    {
      what: 'one with a file that it does not name',
      archive: () => tarOf({ ...CONTENTS, '../../etc/passwd': Buffer.from('x') }),
      why: 'does not name ../../etc/passwd',
    },
    {
      what: 'one with a file of another size',
      archive: () => tarOf({ ...CONTENTS, kubelet: Buffer.from('short') }),
      why: 'another size',
    },
    {
      what: 'one that begins with another file',
      archive: () => tarOf({ kubelet: bytesOf('kubelet') }),
      why: 'first file is not manifest.json',
    },
    {
      what: 'one of a later form',
      archive: () => tarOf({ 'manifest.json': Buffer.from('{"bundle":2}') }),
      why: 'none that this release understands',
    },
    {
      what: 'one whose manifest is no JSON',
      archive: () => tarOf({ 'manifest.json': Buffer.alloc(300_000, '[') }),
      why: 'none that this release understands',
    },
  ])('is not $what', async ({ archive, why }) => {
    await expect(load(archive())).rejects.toMatchObject({
      code: 'bundle.bad-archive',
      retryable: false,
      message: expect.stringContaining(why),
    });
  });

  test.each<{ what: string; change: (given: BundleParts) => BundleParts; why: string }>([
    {
      what: 'no release',
      change: (given) => ({ ...given, version: 'latest' }),
      why: 'must look like v1.34.4',
    },
    {
      what: 'no file',
      change: (given) => ({ ...given, programs: null, images: [] }),
      why: 'files',
    },
    {
      what: 'two files of one name',
      change: (given) => ({ ...given, images: [...given.images, ...given.images] }),
      why: 'must have distinct names',
    },
    {
      what: 'images whose name is an option',
      change: (given) => ({ ...given, images: [join(folder, 'odd.tar')] }),
      why: 'must be the full name of an image',
    },
  ])('can not be made of $what', async ({ change, why }) => {
    await expect(createBundle(change(parts), output)).rejects.toMatchObject({
      code: 'bundle.bad-parts',
      message: expect.stringContaining(why),
    });
    await expect(readFile(output)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('an archive of images', () => {
  const imagesIn = async (archive: Buffer) => {
    await writeFile(output, archive);
    return imagesInArchive(output);
  };

  test('tells their names, as containerd or docker wrote them', async () => {
    expect(await imagesIn(imageArchive(IMAGES))).toEqual(IMAGES);
    const docker = JSON.stringify([{ RepoTags: [...IMAGES] }, { RepoTags: null }]);
    expect(await imagesIn(tarOf({ './manifest.json': Buffer.from(docker) }))).toEqual(IMAGES);
  });

  test.each([
    { what: 'text', archive: () => Buffer.alloc(2_000, 'text') },
    { what: 'one without an index', archive: () => tarOf({ blob: Buffer.from('x') }) },
    { what: 'one of images without a name', archive: () => imageArchive([]) },
    {
      what: 'one whose index is no JSON',
      archive: () => tarOf({ 'index.json': Buffer.from('{') }),
    },
  ])('is not $what', async ({ archive }) => {
    await expect(imagesIn(archive())).rejects.toMatchObject({ code: 'bundle.bad-images' });
  });
});
