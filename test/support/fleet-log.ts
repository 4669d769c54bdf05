import type { Fleet } from '../../src/simulation/fleet/fleet.ts';
import type { Machine } from '../../src/simulation/fleet/machine.ts';
import type { GenesisRecord } from '../../src/state/genesis-record.ts';
import type { Kind } from '../../src/state/kinds.ts';
import type { NodeId } from '../../src/state/node-id.ts';

/** The log of a fleet that has one. */
export function logOf(fleet: Fleet): NonNullable<ReturnType<Fleet['store']>> {
  const store = fleet.store();
  if (!store) throw new RangeError('there is no log yet');
  return store;
}

/** Lets time pass until every machine is on and the log is about to come: it is empty still. */
export async function untilLog({ clock, machines, store, world }: Fleet): Promise<void> {
  const allOn = () => machines.every(({ hostname }) => world.state.hosts.has(hostname));
  await clock.runUntil(() => allOn() && store() !== undefined);
}

/** What genesis decided, as the first machine knows it that knows it. */
export function genesisOf({ machines }: Fleet): GenesisRecord {
  const records = machines.flatMap((machine) => machine.agent()?.formation.record() ?? []);
  const [record] = records;
  if (!record) throw new RangeError('there was no genesis yet');
  return record;
}

export function machineOf({ machines }: Fleet, nodeId: NodeId | null): Machine {
  const machine = machines.find((each) => each.node().nodeId === nodeId);
  if (!machine) throw new RangeError(`nobody is ${nodeId}`);
  return machine;
}

/** Keys and revisions of some kinds: equal lists mean that not one of these entries was written. */
export function revisionsOf(fleet: Fleet, kinds: readonly Kind[]): readonly string[] {
  const log = logOf(fleet);
  return kinds.flatMap((kind) =>
    log.list(kind).map(({ key, revision }) => `${kind} ${key} ${revision}`),
  );
}
