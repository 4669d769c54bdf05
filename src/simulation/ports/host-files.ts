import { TerminalError } from '../../errors.ts';
import type { HostFiles } from '../../ports/host-files.ts';
import { settle } from '../settle.ts';
import {
  dropFile,
  dropFolder,
  emptyFolder,
  listFolder,
  putFile,
  putFolder,
  readFile,
  stampOf,
  syncBelow,
} from '../simulated-disk.ts';
import { record, type WorldState } from '../world-state.ts';
import { powered } from './powered.ts';

const LONGEST = 1_048_576;

/** Files of one simulated host. All that is written here survives a power cut. */
export function simulatedHostFiles(world: WorldState, host: string): HostFiles {
  return {
    async read(path) {
      const content = readFile(powered(world, host).disk, path);
      if ((content?.length ?? 0) <= LONGEST) return content;
      throw new TerminalError('files.too-large', `${path} is larger than 1 MiB`);
    },

    async stamps(paths) {
      const { disk } = powered(world, host);
      return paths.map((path) => stampOf(disk, path) ?? null);
    },

    async write(path, content, mode) {
      const { disk } = powered(world, host);
      putFile(disk, path, { content, mode, nowMs: world.clock.nowMs(), synced: true });
      record(world, host, 'file.written', path);
      settle(world);
    },

    async makeFolder(path, _mode) {
      const { disk } = powered(world, host);
      if (disk.folders.has(path)) return;
      putFolder(disk, path);
      record(world, host, 'folder.made', path);
      settle(world);
    },

    async remove(path) {
      if (!dropFile(powered(world, host).disk, path)) return;
      record(world, host, 'file.removed', path);
      settle(world);
    },

    async removeTree(path) {
      const { disk } = powered(world, host);
      const isThere = disk.files.has(path) || listFolder(disk, path).length > 0;
      emptyFolder(disk, path);
      dropFolder(disk, path);
      dropFile(disk, path);
      if (!isThere) return;
      record(world, host, 'file.removed', path);
      settle(world);
    },

    async move(from, to) {
      const { disk } = powered(world, host);
      const file = disk.files.get(from);
      if (!file) return;
      const { content, mode } = file;
      dropFile(disk, from);
      putFile(disk, to, { content, mode, nowMs: world.clock.nowMs(), synced: true });
      record(world, host, 'file.moved', `${from} ${to}`);
      settle(world);
    },

    async list(folder) {
      return listFolder(powered(world, host).disk, folder);
    },

    async sync(paths) {
      const synced = syncBelow(powered(world, host).disk, paths);
      if (synced.length > 0) record(world, host, 'files.synced', synced.join(' '));
    },
  };
}
