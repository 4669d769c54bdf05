import { FORMED_FILE } from '../../formation/record-keeper.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Machine } from '../fleet/machine.ts';
import type { StateDirectory } from '../fleet/state-directory.ts';
import type { Fault } from './fault.ts';
import { type FaultEffect, machinesOf } from './fault-effect.ts';

const MOST_SLOW_MS = 2_000;
/** Its state directory is that of a machine which knew of no cluster. */
const SET_BACK = 'state.set-back';

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
  'backup-restored': {
    does: 'the state directory of a machine is copied, and when the fault ends its power is cut and it boots with that copy',
    begin(fleet, fault) {
      const copies = machinesOf(fleet, fault).map((machine) => {
        return { machine, nodeId: machine.node().nodeId, copy: machine.directory().backup() };
      });
      return () => {
        for (const { machine, nodeId, copy } of copies) {
          // The identity is in the directory too: on another node's machine it would be that one.
          if (machine.node().nodeId !== nodeId) continue;
          machine.powerOff();
          machine.directory().restore(copy);
          if (!copy.has(FORMED_FILE)) tellSetBack(fleet, machine);
          machine.boot();
        }
      };
    },
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

/** It promised something in a genesis that it forgot, and is no better than an empty one. */
function tellSetBack({ recorder }: Fleet, { hostname }: Machine): void {
  const detail = 'to before it knew of a cluster';
  recorder.note(hostname, { type: 'world', event: SET_BACK, detail });
}

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
