import type { BalancerServer } from '../ports/balancer.ts';
import { TIMINGS } from './timings.ts';

/** A file, and what would be left of it if the power failed before the kernel wrote it back. */
interface SimulatedFile {
  readonly content: string;
  readonly mode: number;
  /** When it was written. */
  readonly changedMs: number;
  /** When it was written without fsync; null when it is safe. */
  readonly unsyncedSinceMs: number | null;
  /** What stood there before, safely; undefined when nothing did. */
  readonly safeCopy: SimulatedFile | undefined;
}

/** What a power cut leaves and a wipe takes. */
export interface SimulatedDisk {
  /** Files and folders come and go by the functions below alone. */
  readonly files: ReadonlyMap<string, SimulatedFile>;
  readonly folders: ReadonlySet<string>;
  /** What is right below each folder that somebody asked for, until any name comes or goes. */
  readonly listings: Map<string, readonly string[]>;
  /** Host checks that were brought there by `Host.prepare`. */
  readonly prepared: Set<string>;
  /** HAProxy's configuration file, as the servers it names. */
  balancerServers: readonly BalancerServer[] | undefined;
  /** Whether that file says else, too, than civitas wrote. */
  balancerAltered: boolean;
}

export interface FileWrite {
  readonly content: string;
  readonly mode: number;
  readonly nowMs: number;
  /** Whether the writer called fsync. civitas does, kubeadm does not. */
  readonly synced: boolean;
}

export function emptyDisk(): SimulatedDisk {
  return {
    files: new Map(),
    folders: new Set(['/']),
    listings: new Map(),
    prepared: new Set(),
    balancerServers: undefined,
    balancerAltered: false,
  };
}

/** Writes a file and makes its folders. */
export function putFile(disk: SimulatedDisk, path: string, write: FileWrite): void {
  const { content, mode, nowMs, synced } = write;
  putFolder(disk, parentOf(path));
  setFile(disk, path, {
    content,
    mode,
    changedMs: nowMs,
    unsyncedSinceMs: synced ? null : nowMs,
    safeCopy: synced ? undefined : safeCopy(disk.files.get(path), nowMs),
  });
}

export function putFolder(disk: SimulatedDisk, path: string): void {
  if (path === '' || disk.folders.has(path)) return;
  putFolder(disk, parentOf(path));
  disk.listings.clear();
  writable(disk).folders.add(path);
}

/** Whether the file was there. */
export function dropFile(disk: SimulatedDisk, path: string): boolean {
  disk.listings.clear();
  return writable(disk).files.delete(path);
}

export function dropFolder(disk: SimulatedDisk, path: string): void {
  disk.listings.clear();
  writable(disk).folders.delete(path);
}

/** As the file system dates files: what was written twice at once can not be told apart by it. */
export function stampOf(disk: SimulatedDisk, path: string): string | undefined {
  const file = disk.files.get(path);
  return file && `${file.content.length}/${file.changedMs}`;
}

export function readFile(disk: SimulatedDisk, path: string): string | undefined {
  return disk.files.get(path)?.content;
}

/** Names of files and folders right below, sorted. */
export function listFolder(disk: SimulatedDisk, folder: string): readonly string[] {
  const known = disk.listings.get(folder);
  if (known) return known;
  const prefix = folder.endsWith('/') ? folder : `${folder}/`;
  const names = new Set<string>();
  for (const path of disk.files.keys()) addName(names, path, prefix);
  for (const path of disk.folders) addName(names, path, prefix);
  const listing = [...names].sort();
  disk.listings.set(folder, listing);
  return listing;
}

/** The part of the path right below `prefix`, if it is below. */
function addName(names: Set<string>, path: string, prefix: string): void {
  if (path === prefix || !path.startsWith(prefix)) return;
  const end = path.indexOf('/', prefix.length);
  names.add(path.slice(prefix.length, end < 0 ? undefined : end));
}

/** Empties a folder and keeps it, as kubeadm's reset does. */
export function emptyFolder(disk: SimulatedDisk, folder: string): void {
  const prefix = `${folder}/`;
  for (const path of disk.files.keys()) if (path.startsWith(prefix)) dropFile(disk, path);
  for (const path of disk.folders) if (path.startsWith(prefix)) dropFolder(disk, path);
}

/** fsync of all files at or below the paths; which of them were not safe before. */
export function syncBelow(disk: SimulatedDisk, paths: readonly string[]): readonly string[] {
  const unsafe = [...disk.files].filter(
    ([path, { unsyncedSinceMs }]) =>
      unsyncedSinceMs !== null &&
      paths.some((above) => path === above || path.startsWith(`${above}/`)),
  );
  for (const [path, { content, mode, changedMs }] of unsafe) {
    const safe = { content, mode, changedMs, unsyncedSinceMs: null, safeCopy: undefined };
    setFile(disk, path, safe);
  }
  return unsafe.map(([path]) => path);
}

/** What a power cut leaves of a file that is not safe: what stood there before, its name, or all of it. */
type Remains = 'old' | 'empty' | 'new';

/**
 * The disk as a machine finds it that lost power before the kernel wrote everything back. The order in
 * which it does is its own, and so any file may come off better or worse than another.
 */
export function loseUnsynced(
  disk: SimulatedDisk,
  nowMs: number,
  remains: () => Remains = () => 'old',
): void {
  for (const [path, file] of disk.files) {
    const safe = safeCopy(file, nowMs);
    const left = safe?.content === file.content ? safe : remainder(file, safe, remains());
    if (left) setFile(disk, path, left);
    else dropFile(disk, path);
  }
}

function remainder(file: SimulatedFile, safe: SimulatedFile | undefined, remains: Remains) {
  if (remains === 'old') return safe;
  const content = remains === 'new' ? file.content : '';
  return { ...file, content, unsyncedSinceMs: null, safeCopy: undefined };
}

function safeCopy(file: SimulatedFile | undefined, nowMs: number): SimulatedFile | undefined {
  if (!file || file.unsyncedSinceMs === null) return file;
  const writtenBack = nowMs - file.unsyncedSinceMs >= TIMINGS.diskWriteBackMs;
  return writtenBack ? { ...file, unsyncedSinceMs: null, safeCopy: undefined } : file.safeCopy;
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

function setFile(disk: SimulatedDisk, path: string, file: SimulatedFile): void {
  if (!disk.files.has(path)) disk.listings.clear();
  writable(disk).files.set(path, file);
}

/** The casts are safe: `emptyDisk` made both. */
function writable({ files, folders }: SimulatedDisk) {
  return { files: files as Map<string, SimulatedFile>, folders: folders as Set<string> };
}
