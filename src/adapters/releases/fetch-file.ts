import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RetryableError } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Peers } from '../../ports/peers.ts';
import type { Random } from '../../ports/random.ts';
import type { ReleasePeer } from '../../ports/releases.ts';
import { MOST_PROGRAM_BYTES } from '../../state/bundle.ts';
import { nowhere } from '../../state/release-errors.ts';
import type { FileStore, StoredFile } from './file-store.ts';
import { downloadFile } from './mirror-download.ts';
import { fetchFromPeers } from './peer-files.ts';

/** What etcd, logs and pods of this host may still need. */
const SPARE_BYTES = 1_073_741_824;

export interface FetchDeps {
  readonly clock: Clock;
  readonly random: Pick<Random, 'number'>;
  readonly channel: Pick<Peers, 'request'>;
  readonly store: FileStore;
}

export interface WantedFile {
  readonly name: string;
  readonly sha256: string;
  /** Undefined: it is of no bundle, so no node is asked for it. */
  readonly bytes: number | undefined;
  /** Undefined: no mirror has it. */
  readonly url: string | undefined;
  readonly peers: readonly ReleasePeer[];
}

export type TellProgress = (file: string, doneBytes: number, totalBytes: number | null) => void;

/** Brings a file into the store, from where it can be had first. Rejects as the last attempt did. */
export async function fetchFile(
  deps: FetchDeps,
  wanted: WantedFile,
  tell: TellProgress,
): Promise<StoredFile> {
  let failure: unknown = nowhere(wanted.name);
  for (const attempt of [fromPeers, fromMirror]) {
    try {
      const found = await deps.store.find(wanted.sha256);
      if (found) return found;
      await attempt(deps, wanted, tell);
    } catch (error) {
      failure = error;
    }
  }
  const found = await deps.store.find(wanted.sha256);
  if (found) return found;
  throw failure;
}

/** Nothing for a file of no bundle. */
async function fromPeers(deps: FetchDeps, wanted: WantedFile, tell: TellProgress): Promise<void> {
  const { name, sha256, bytes, peers } = wanted;
  if (bytes === undefined) return;
  const incoming = await deps.store.incoming(sha256, 'fetch');
  await refuseWithoutRoom(incoming.folder, bytes);
  const onProgress = (doneBytes: number): void => tell(name, doneBytes, bytes);
  await fetchFromPeers(deps, { name, sha256, bytes, incoming, from: peers, onProgress });
}

/** Nothing for a file that no mirror has. */
async function fromMirror(deps: FetchDeps, wanted: WantedFile, tell: TellProgress): Promise<void> {
  const { name, sha256, bytes, url } = wanted;
  if (url === undefined) return;
  const incoming = await deps.store.incoming(sha256, 'fetch');
  await refuseWithoutRoom(incoming.folder, bytes ?? 0);
  const onProgress = (done: number, total: number | null): void => tell(name, done, total);
  const maxBytes = bytes ?? MOST_PROGRAM_BYTES;
  await downloadFile(deps.clock, { url, sha256, maxBytes, incoming, onProgress });
}

/** A host whose disk is full loses more than an upgrade. */
async function refuseWithoutRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const neededBytes = bytes + SPARE_BYTES;
  if (bavail * bsize >= neededBytes) return;
  throw new RetryableError(
    'release.no-room',
    `The disk that holds ${dirname(folder)} has less than ${Math.ceil(neededBytes / 1_048_576)} MiB free, which the next file and what runs here may need: make room.`,
  );
}
