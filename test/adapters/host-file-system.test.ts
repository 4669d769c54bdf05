import { once } from 'node:events';
import {
  mkdir,
  readdir,
  rename,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { createHostFileSystem } from '../../src/adapters/host-file-system.ts';
import type { HostFiles } from '../../src/ports/host-files.ts';
import { temporaryFolders } from './temporary-folder.ts';

const ONE_MIB = 1_048_576;

const newFolder = temporaryFolders();

let root: string;
let files: HostFiles;

beforeEach(async () => {
  root = await newFolder();
  files = createHostFileSystem(root);
});

async function modeOf(path: string): Promise<number> {
  return (await stat(join(root, path))).mode & 0o777;
}

describe('host file system', () => {
  test('what is written is read back, over what stood there before', async () => {
    await files.write('/etc/a.conf', 'first', 0o644);
    await files.write('/etc/a.conf', 'zwölf', 0o644);
    expect(await files.read('/etc/a.conf')).toBe('zwölf');
    expect(await files.list('/etc')).toEqual(['a.conf']);
  });

  test.each([
    { what: 'secret', mode: 0o600, folderMode: 0o700 },
    { what: 'read-only secret', mode: 0o400, folderMode: 0o700 },
    { what: 'public', mode: 0o644, folderMode: 0o755 },
  ])('the mode of a $what file holds whatever the umask, and for new folders too', async (row) => {
    const umask = process.umask(0o077);
    await files.write('/etc/kubernetes/pki/ca.key', '', row.mode);
    process.umask(umask);
    expect(await modeOf('/etc/kubernetes/pki/ca.key')).toBe(row.mode);
    expect(await modeOf('/etc/kubernetes/pki')).toBe(row.folderMode);
    expect(await modeOf('/etc/kubernetes')).toBe(row.folderMode);
  });

  test('the new mode counts when a file is written again', async () => {
    await files.write('/a', '', 0o644);
    await files.write('/a', '', 0o600);
    expect(await modeOf('/a')).toBe(0o600);
  });

  test('what a crash left half written is neither read nor in the way', async () => {
    await writeFile(join(root, '.a.civitas-tmp'), 'half');
    await files.write('/a', 'whole', 0o600);
    expect(await files.read('/a')).toBe('whole');
    expect(await readdir(root)).toEqual(['a']);
  });

  test('a file that nobody touched keeps its stamp', async () => {
    await files.write('/a', 'one', 0o644);
    const [stamp] = await files.stamps(['/a']);
    await files.read('/a');
    expect(stamp).toBeDefined();
    expect(await files.stamps(['/b', '/a'])).toEqual([null, stamp]);
  });

  test.each<{ readonly how: string; readonly change: (path: string) => Promise<void> }>([
    { how: 'in place, as long as before', change: (path) => writeFile(path, 'two') },
    {
      how: 'in place, with its old times put back',
      change: async (path) => {
        const { atime, mtime } = await stat(path);
        await writeFile(path, 'two');
        await utimes(path, atime, mtime);
      },
    },
    {
      how: 'by another file in its place, which is older',
      change: async (path) => {
        await writeFile(`${path}.old`, 'two');
        await utimes(`${path}.old`, 1_000, 1_000);
        await rename(`${path}.old`, path);
      },
    },
  ])('a file that was changed $how has another stamp', async ({ change }) => {
    await files.write('/a', 'one', 0o644);
    const [stamp] = await files.stamps(['/a']);
    // Changes within one tick of the kernel's clock share a stamp: it takes some of them.
    do await change(join(root, 'a'));
    while ((await files.stamps(['/a']))[0] === stamp);
    expect(await files.read('/a')).toBe('two');
  });

  test('of writers at the same time the last one called is what stays', async () => {
    await Promise.all(['1', '2', '3'].map((content) => files.write('/a', content, 0o644)));
    expect(await files.read('/a')).toBe('3');
    expect(await readdir(root)).toEqual(['a']);
  });

  test('a folder is made with its parents; one that exists keeps its mode', async () => {
    await mkdir(join(root, 'etc'), { mode: 0o711 });
    await files.makeFolder('/etc/kubernetes/manifests', 0o700);
    await files.makeFolder('/etc/kubernetes/manifests', 0o755);
    expect(await modeOf('/etc')).toBe(0o711);
    expect(await modeOf('/etc/kubernetes/manifests')).toBe(0o700);
  });

  test('what is not there is undefined, empty, and removed without a word', async () => {
    await files.write('/file', '', 0o644);
    for (const path of ['/none', '/none/at/all', '/file/below']) {
      expect(await files.read(path)).toBeUndefined();
      expect(await files.list(path)).toEqual([]);
      await expect(files.remove(path)).resolves.toBeUndefined();
    }
  });

  test('a removed file is gone', async () => {
    await files.write('/a', '', 0o644);
    await files.remove('/a');
    expect(await files.list('/')).toEqual([]);
  });

  test('a folder goes with all that is below it, and so does a single file', async () => {
    await files.write('/var/lib/etcd/member/snap/db', 'x', 0o600);
    await files.write('/var/lib/etcd/kept', 'x', 0o600);
    await files.removeTree('/var/lib/etcd/member');
    await files.removeTree('/var/lib/etcd/member');
    expect(await files.list('/var/lib/etcd')).toEqual(['kept']);
    await files.removeTree('/var/lib/etcd/kept');
    await files.removeTree('/nothing/at/all');
    expect(await files.list('/var/lib/etcd')).toEqual([]);
  });

  test('a moved file has another name, the same content and the same mode', async () => {
    await files.write('/etc/kubernetes/manifests/etcd.yaml', 'pod', 0o600);
    await files.move('/etc/kubernetes/manifests/etcd.yaml', '/etc/kubernetes/aside/etcd.yaml');
    await files.move('/etc/kubernetes/manifests/etcd.yaml', '/etc/kubernetes/aside/etcd.yaml');
    expect([
      await files.list('/etc/kubernetes/manifests'),
      await files.read('/etc/kubernetes/aside/etcd.yaml'),
      await modeOf('/etc/kubernetes/aside/etcd.yaml'),
      await modeOf('/etc/kubernetes/aside'),
    ]).toEqual([[], 'pod', 0o600, 0o700]);
  });

  test('names of a folder come in order', async () => {
    for (const name of ['b', 'a', 'c']) await files.write(`/x/${name}`, '', 0o644);
    expect(await files.list('/x')).toEqual(['a', 'b', 'c']);
  });

  test('one byte more than 1 MiB is refused, and 1 MiB is read', async () => {
    await files.write('/large', '', 0o644);
    await truncate(join(root, 'large'), ONE_MIB);
    expect(await files.read('/large')).toHaveLength(ONE_MIB);
    await truncate(join(root, 'large'), ONE_MIB + 1);
    await expect(files.read('/large')).rejects.toMatchObject({
      code: 'files.too-large',
      retryable: false,
    });
  });

  test('files of the kernel, which claim to be empty, are read whole', async () => {
    const text = await createHostFileSystem('/').read('/proc/self/status');
    expect(text).toContain('Threads:');
  });

  test('everything below is synced, whatever else stands there or goes meanwhile', async () => {
    await files.write('/etc/kubernetes/pki/etcd/ca.key', 'key', 0o400);
    await symlink('nowhere', join(root, 'etc/kubernetes/dangling'));
    await symlink('..', join(root, 'etc/kubernetes/circle'));
    const socket = createServer().listen(join(root, 'etc/kubernetes/socket'));
    await once(socket, 'listening');
    const comes = files.write('/etc/kubernetes/goes', '', 0o600);
    await Promise.all([comes, files.sync(['/etc/kubernetes', '/var/lib/none'])]);
    await Promise.all([files.remove('/etc/kubernetes/goes'), files.sync(['/etc'])]);
    await files.sync(['/etc/kubernetes/pki/etcd/ca.key', '/etc/kubernetes/pki/etcd/ca.key/none']);
    socket.close();
    expect(await files.read('/etc/kubernetes/pki/etcd/ca.key')).toBe('key');
  });

  test('what can not be read or written says which file it is', async () => {
    await mkdir(join(root, 'folder'));
    const failed = { code: 'files.failed', message: expect.stringContaining('/folder') };
    await expect(files.read('/folder')).rejects.toMatchObject(failed);
    await expect(files.write('/folder', '', 0o644)).rejects.toMatchObject(failed);
    expect(await readdir(root)).toEqual(['folder']);
  });
});
