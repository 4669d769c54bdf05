import { settle } from '../settle.ts';
import { dropFile, dropFolder, emptyFolder } from '../simulated-disk.ts';
import { record } from '../world-state.ts';
import type { SimulatedProgram } from './program.ts';

/** `rm -rf PATH…`: the only way to take a whole folder away. */
export const rm: SimulatedProgram = (world, host, unit) => {
  const paths = unit.argv.slice(1).filter((word) => !word.startsWith('-'));
  for (const path of paths) {
    emptyFolder(host.disk, path);
    dropFolder(host.disk, path);
    dropFile(host.disk, path);
    record(world, host.name, 'file.removed', path);
  }
  settle(world);
  return 0;
};
