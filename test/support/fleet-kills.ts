import type { Fleet } from '../../src/simulation/fleet/fleet.ts';
import type { Machine } from '../../src/simulation/fleet/machine.ts';

/** SIGKILL now, and a new start after a while. */
export async function killFor({ clock }: Fleet, machine: Machine, pauseMs: number): Promise<void> {
  machine.kill();
  await clock.sleep(pauseMs);
  machine.start();
}

/** Counts the changes that agents are about to make, and calls back at each. */
export function countChanges(
  fleet: Fleet,
  onChange: (count: number, machine: Machine) => void = () => undefined,
): () => number {
  let count = 0;
  fleet.onCall((machine) => {
    count += 1;
    onChange(count, machine);
  });
  return () => count;
}
