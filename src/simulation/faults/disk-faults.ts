import type { Fleet } from '../fleet/fleet.ts';
import type { StateDirectory } from '../fleet/state-directory.ts';
import type { Fault } from './fault.ts';
import { type FaultEffect, machinesOf } from './fault-effect.ts';

const MOST_SLOW_MS = 2_000;

/** What happens to the agents' state directories. */
export const diskFaults = {
  'disk-full': {
    does: 'nothing more fits into the state directory until the fault ends',
    begin: (fleet, fault) => whileSo(fleet, fault, (directory) => setTrouble(directory, 'full')),
  },
  'disk-fails': {
    does: 'writes to the state directory end in EIO until the fault ends',
    begin: (fleet, fault) => whileSo(fleet, fault, (directory) => setTrouble(directory, 'failing')),
  },
  'disk-slow': {
    does: 'every write to the state directory takes up to 2 s longer until the fault ends',
    begin: (fleet, fault) =>
      whileSo(fleet, fault, (directory) => {
        directory.slowMs = fault.amount * MOST_SLOW_MS;
        return () => {
          directory.slowMs = 0;
        };
      }),
  },
  'state-damaged': {
    does: 'a bit of one file in the state directory flips, for good',
    begin(fleet, fault) {
      for (const machine of machinesOf(fleet, fault)) {
        const names = machine.directory().names();
        const name = names[Math.floor(fault.amount * names.length)];
        if (name !== undefined) machine.directory().damage(name);
      }
      return undefined;
    },
  },
} as const satisfies Readonly<Record<string, FaultEffect>>;

function whileSo(
  fleet: Fleet,
  fault: Fault,
  begin: (directory: StateDirectory) => () => void,
): () => void {
  const ends = machinesOf(fleet, fault).map((machine) => begin(machine.directory()));
  return () => {
    for (const end of ends) end();
  };
}

function setTrouble(directory: StateDirectory, trouble: StateDirectory['trouble']): () => void {
  directory.trouble = trouble;
  return () => {
    directory.trouble = 'none';
  };
}
