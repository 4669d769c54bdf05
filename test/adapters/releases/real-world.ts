import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RunCommand } from '../../../src/adapters/execa-exec.ts';
import { imagesInArchive } from '../../../src/adapters/releases/archive-images.ts';
import { createBundleStore, type FileStore } from '../../../src/adapters/releases/file-store.ts';
import { createReleases } from '../../../src/adapters/releases/releases.ts';
import { serveFiles } from '../../../src/adapters/releases/serve-files.ts';
import { paddingOf, tarHeader } from '../../../src/adapters/releases/tar-header.ts';
import { RetryableError } from '../../../src/errors.ts';
import type { PeerHandler, Peers } from '../../../src/ports/peers.ts';
import type { ReleasePeer } from '../../../src/ports/releases.ts';
import type { Bundle } from '../../../src/state/bundle.ts';
import { RELEASE_PROGRAMS, type ReleaseProgram } from '../../../src/state/release-programs.ts';
import { IMAGES, type ReleaseWorld, VERSION } from '../../contracts/releases.contract.ts';
import { createBackgroundClock } from '../../support/background-clock.ts';
import { type FakeMirror, startMirror } from '../../support/fake-mirror.ts';

const SELF = 'aaaaaaaaaaa';
const OWN_FOLDER = 'opt/civitas/kubernetes/1.34.9';

export interface RealWorld extends ReleaseWorld {
  /** The whole host. */
  readonly root: string;
  readonly store: FileStore;
  readonly server: FakeMirror;
  /** What was run, word by word. */
  readonly commands: readonly string[];
}

/** Some bytes that differ from program to program, more than two parts of a file long. */
export function bytesOf(name: string, length = 300_000): Buffer {
  const line = createHash('sha256').update(name).digest();
  return Buffer.concat(
    Array.from({ length: Math.ceil(length / 32) }, () => line),
    length,
  );
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A plain tar archive. */
export function tarOf(files: Readonly<Record<string, Buffer>>): Buffer {
  const entries = Object.entries(files).flatMap(([name, bytes]) => [
    tarHeader(name, bytes.length),
    bytes,
    Buffer.alloc(paddingOf(bytes.length)),
  ]);
  return Buffer.concat([...entries, Buffer.alloc(1_024)]);
}

/** As `ctr images export` names them. */
export function imageArchive(images: readonly string[]): Buffer {
  const manifests = images.map((name) => ({ annotations: { 'io.containerd.image.name': name } }));
  return tarOf({ 'index.json': Buffer.from(JSON.stringify({ manifests })) });
}

const ARCHIVE = imageArchive(IMAGES);

/** A host in a folder, a mirror on 127.0.0.1, and two nodes that are asked in this process. */
export async function openRealWorld(folder: string): Promise<RealWorld> {
  const server = await startMirror();
  const store = createBundleStore(join(folder, 'state'));
  const neighbours = createNeighbours(folder);
  const { run, commands } = fakeContainerd();
  const releases = createReleases({
    root: join(folder, 'root'),
    arch: 'x64',
    channel: neighbours.channel,
    clock: createBackgroundClock(),
    random: { number: () => 0.5 },
    run,
    store,
  });
  mirrorIs(server, 'right');
  return {
    root: join(folder, 'root'),
    store,
    server,
    commands,
    releases,
    sha256: Object.fromEntries(
      RELEASE_PROGRAMS.map((name) => [`${VERSION}/amd64/${name}`, sha256(bytesOf(name))]),
    ),
    bundle: bundle(),
    mirror: { url: server.url, is: (state) => mirrorIs(server, state) },
    peers: neighbours.peers,
    give: neighbours.give,
    damage: (program) => write(join(folder, 'root', OWN_FOLDER, program), Buffer.from('damaged')),
    async settle() {
      while ((await releases.progress(VERSION)).phase === 'under-way') await nextTurn();
      return releases.progress(VERSION);
    },
    close: () => server.stop(),
  };
}

export function bundle(): Bundle {
  const files = RELEASE_PROGRAMS.map((name) => {
    const bytes = bytesOf(name);
    return { type: 'program' as const, name, bytes: bytes.length, sha256: sha256(bytes) };
  });
  const archive = { name: 'images.tar', bytes: ARCHIVE.length, sha256: sha256(ARCHIVE) };
  return {
    bundle: 1,
    version: VERSION,
    arch: 'amd64',
    files: [...files, { type: 'images', ...archive, images: IMAGES }],
    loadedBy: SELF,
    loadedWallMs: 1,
  };
}

export async function write(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes, { mode: 0o755 });
}

function mirrorIs(server: FakeMirror, state: 'right' | 'wrong' | 'down' | 'empty'): void {
  server.behave(state === 'down' ? (_, response) => response.destroy() : undefined);
  server.files.clear();
  if (state === 'empty') return;
  for (const name of RELEASE_PROGRAMS) {
    const isWrong = state === 'wrong' && name === 'kubelet';
    server.files.set(pathOf(name), bytesOf(isWrong ? 'another' : name));
    server.files.set(`${pathOf(name)}.sha256`, Buffer.from(sha256(bytesOf(name))));
  }
}

function pathOf(program: ReleaseProgram): string {
  return `/release/${VERSION}/bin/linux/amd64/${program}`;
}

/** Each with a store of its own, served as an agent serves it. */
function createNeighbours(folder: string) {
  const peers: readonly [ReleasePeer, ReleasePeer] = [
    { nodeId: 'bbbbbbbbbbb', address: '10.0.0.2', port: 7_946 },
    { nodeId: 'ccccccccccc', address: '10.0.0.3', port: 7_946 },
  ];
  const handlers = new Map<string, PeerHandler>();
  const stateDir = ({ nodeId }: ReleasePeer) => join(folder, nodeId);
  for (const peer of peers) {
    serveFiles({
      clock: createBackgroundClock(),
      peers: { serve: (_, handler) => void handlers.set(peer.address, handler) },
      store: createBundleStore(stateDir(peer)),
      isEnrolled: (nodeId) => nodeId === SELF,
    });
  }
  const channel: Pick<Peers, 'request'> = {
    async request({ address }, method, body) {
      const handler = handlers.get(address);
      if (!handler) throw new RetryableError('peer.unreachable', `Nobody is at ${address}.`);
      const answer = await handler({ method, from: SELF, address: '10.0.0.1', body });
      return { from: 'bbbbbbbbbbb', body: JSON.parse(JSON.stringify(answer)) };
    },
  };
  async function give(peer: ReleasePeer, files: 'right' | 'wrong'): Promise<void> {
    for (const content of [...RELEASE_PROGRAMS.map((name) => bytesOf(name)), ARCHIVE]) {
      const bytes = files === 'right' ? content : bytesOf('another', content.length);
      await write(join(stateDir(peer), 'bundle', sha256(content)), bytes);
    }
  }
  return { peers, channel, give };
}

/** `ctr` over a set of names; programs say the version that they are made of. */
function fakeContainerd(): { readonly run: RunCommand; readonly commands: string[] } {
  const commands: string[] = [];
  const images = new Set(['sha256:0011']);
  const run: RunCommand = async (file, args) => {
    commands.push([file, ...args].join(' '));
    const [, , action, path = ''] = args;
    if (action === 'import') for (const name of await imagesInArchive(path)) images.add(name);
    const stdout = action === 'list' ? `${[...images].join('\n')}\n` : VERSION;
    return { exitCode: 0, stdout, stderr: '' };
  };
  return { run, commands };
}
