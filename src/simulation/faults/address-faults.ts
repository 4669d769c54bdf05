import type { Fleet } from '../fleet/fleet.ts';
import type { Machine } from '../fleet/machine.ts';
import { type FaultEffect, machinesOf } from './fault-effect.ts';

/** A neighbour entry is asked for anew after some seconds, and whoever answers first has it. */
const TURN_MS = 5_000;

/** What happens to the way from an address to a machine. */
export const addressFaults = {
  'address-doubled': {
    does: 'two machines have the address of the first, and answer there in turn every five seconds, until the fault ends',
    begin(fleet, fault) {
      const [first, second] = machinesOf(fleet, fault);
      if (!first || !second) return undefined;
      const stopping = new AbortController();
      void takeTurns(fleet, [first, second], stopping.signal);
      return () => stopping.abort();
    },
  },
  'neighbours-forgotten': {
    does: 'the neighbour table of a machine is full: it reaches only half of the others, another half every five seconds, until the fault ends',
    begin(fleet, fault) {
      const stopping = new AbortController();
      for (const machine of machinesOf(fleet, fault)) {
        void forgetNeighbours(fleet, machine, stopping.signal);
      }
      return () => stopping.abort();
    },
  },
} as const satisfies Readonly<Record<string, FaultEffect>>;

/** Who has the address is reached there; nobody is at the second one's own, nor at the other machine. */
async function takeTurns(
  fleet: Fleet,
  [first, second]: readonly [Machine, Machine],
  signal: AbortSignal,
): Promise<void> {
  const { rerouted } = fleet.network;
  const [address = '', other = ''] = [first, second].map((each) => each.node().addresses[0]);
  for (let turn = 0; !signal.aborted; turn += 1) {
    const [has, lacks] = turn % 2 === 0 ? [second, first] : [first, second];
    if (has === second) rerouted.set(address, other);
    const restore = cutOff(fleet, lacks, others(fleet, lacks));
    await fleet.clock.sleep(TURN_MS, signal);
    restore();
    rerouted.delete(address);
  }
}

async function forgetNeighbours(
  fleet: Fleet,
  machine: Machine,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const forgotten = others(fleet, machine).filter(() => fleet.random.number() < 0.5);
    const restore = cutOff(fleet, machine, forgotten);
    await fleet.clock.sleep(TURN_MS, signal);
    restore();
  }
}

/** Of those that are switched on. */
function others({ machines, world }: Fleet, machine: Machine): readonly Machine[] {
  return machines.filter((each) => each !== machine && world.state.hosts.has(each.hostname));
}

function cutOff({ world }: Fleet, machine: Machine, from: readonly Machine[]): () => void {
  const isThere = world.state.hosts.has(machine.hostname);
  const pairs = isThere ? from.map((each) => [machine.hostname, each.hostname] as const) : [];
  for (const [one, another] of pairs) world.cut(one, another);
  return () => {
    for (const [one, another] of pairs) world.heal(one, another);
  };
}
