import { chmod, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { RunCommand } from '../../src/adapters/execa-exec.ts';
import { defaultCacheDir, ensureNatsServer } from '../../src/adapters/nats-server-binary.ts';
import { RetryableError } from '../../src/errors.ts';
import { temporaryFolders } from './temporary-folder.ts';

const newFolder = temporaryFolders();

/** A machine whose programs are only the versions they print. */
function machine(versions: Readonly<Record<string, string>>, onPath = ''): RunCommand {
  return async (file) => {
    if (file === 'sh') return { exitCode: 0, stdout: `${onPath}\n`, stderr: '' };
    const name = Object.keys(versions).find((suffix) => file.endsWith(suffix));
    if (name === undefined) throw new RetryableError('exec.not-installed', `no ${file}`);
    return { exitCode: 0, stdout: `nats-server: v${versions[name]}\n`, stderr: '' };
  };
}

function source(name: string, file: string) {
  return {
    name,
    async fetch(_: RunCommand, folder: string) {
      await writeFile(join(folder, file), '');
      return join(folder, file);
    },
  };
}

const broken = {
  name: 'the moon',
  fetch: () => Promise.reject(new Error('too far')),
};

describe('ensureNatsServer', () => {
  test('takes the one on PATH when it is recent enough, and leaves the cache alone', async () => {
    const cacheDir = await newFolder();
    const run = machine({ '/opt/nats-server': '2.16.0' }, '/opt/nats-server');
    const server = await ensureNatsServer({ cacheDir, run, sources: [], onProgress: () => {} });
    expect({ server, cached: await readdir(cacheDir) }).toEqual({
      server: { path: '/opt/nats-server', version: '2.16.0' },
      cached: [],
    });
  });

  test('takes the cached one when that on PATH is too old', async () => {
    const cacheDir = await newFolder();
    const run = machine(
      { '/opt/nats-server': '2.10.27', 'nats-server-2.15.1': '2.15.1' },
      '/opt/nats-server',
    );
    const server = await ensureNatsServer({ cacheDir, run, sources: [], onProgress: () => {} });
    expect(server).toEqual({ path: join(cacheDir, 'nats-server-2.15.1'), version: '2.15.1' });
  });

  test('fetches from the first source that has a good one, and tells about the others', async () => {
    const cacheDir = await newFolder();
    const lines: string[] = [];
    const server = await ensureNatsServer({
      cacheDir,
      run: machine({ '/old': '2.9.10', '/good': '2.15.1' }),
      sources: [broken, source('the attic', 'old'), source('the shop', 'good'), broken],
      onProgress: (line) => lines.push(line),
    });
    expect({ server, lines, cached: await readdir(cacheDir) }).toEqual({
      server: { path: join(cacheDir, 'nats-server-2.15.1'), version: '2.15.1' },
      lines: [
        'fetching nats-server 2.15.1 from the moon',
        'the moon: too far',
        'fetching nats-server 2.15.1 from the attic',
        'the attic: it has 2.9.10, which is too old',
        'fetching nats-server 2.15.1 from the shop',
      ],
      cached: ['nats-server-2.15.1'],
    });
  });

  test('names all that was tried, and the cure, when there is none', async () => {
    const cacheDir = await newFolder();
    const search = ensureNatsServer({
      cacheDir,
      run: machine({}),
      sources: [broken, source('the shop', 'bad')],
      onProgress: () => {},
    });
    await expect(search).rejects.toMatchObject({
      code: 'log.server-missing',
      message:
        'No nats-server 2.15 or newer stands on PATH or in the cache, and none could be fetched ' +
        '(the moon: too far; the shop: what was fetched does not run on this machine): ' +
        'put nats-server 2.15.1 on PATH, or connect this machine to the internet once.',
    });
    expect(await readdir(cacheDir)).toEqual([]);
  });

  test('runs what it caches: the file is executable', async () => {
    const cacheDir = await newFolder();
    const script = {
      name: 'a script',
      async fetch(_: RunCommand, folder: string) {
        await writeFile(join(folder, 'server'), '#!/bin/sh\necho nats-server: v2.15.1\n');
        await chmod(join(folder, 'server'), 0o600);
        return join(folder, 'server');
      },
    };
    const search = { cacheDir, sources: [script], onProgress: () => {} };
    const first = await ensureNatsServer(search);
    const second = await ensureNatsServer({ ...search, sources: [] });
    expect([first.version, second.version]).toEqual(['2.15.1', '2.15.1']);
  });
});

test('the cache is where the environment says, else in the cache folder of the user', () => {
  expect([
    defaultCacheDir({ CIVITAS_CACHE: '/c', XDG_CACHE_HOME: '/x' }),
    defaultCacheDir({ XDG_CACHE_HOME: '/x' }),
    defaultCacheDir({}).endsWith('/.cache/civitas'),
  ]).toEqual(['/c', '/x/civitas', true]);
});
