import type { Fleet } from '../fleet/fleet.ts';
import type { Machine } from '../fleet/machine.ts';
import type { Fault } from './fault.ts';

/** Ends what began; nothing for what was over at once. */
type EndFault = () => void;

/** What one kind of fault does to a fleet. */
export interface FaultEffect {
  /** One sentence for the table of kinds. */
  readonly does: string;
  begin(fleet: Fleet, fault: Fault): EndFault | undefined;
}

/** The machines that a fault names. One that does not exist (any more) is passed over. */
export function machinesOf({ machines }: Fleet, { hosts }: Fault): readonly Machine[] {
  return machines.filter(({ hostname }) => hosts.includes(hostname));
}
