import type { StoreHandle } from '../../ports/store.ts';
import type { Fleet } from '../fleet/fleet.ts';

/** The log as the agent of a machine has it; undefined where there is none. */
export function logAt(fleet: Fleet, hostname: string): StoreHandle | undefined {
  return fleet.machine(hostname).agent()?.member.current()?.log.store;
}

/** The same at the first machine whose copy is as new as the log. */
export function syncedLog(fleet: Fleet): StoreHandle | undefined {
  return fleet.machines
    .flatMap(({ hostname }) => logAt(fleet, hostname) ?? [])
    .find(({ synced }) => synced);
}

/** Whether the log took it; nobody asks again where it did not. */
export function unlessRefused(write: Promise<unknown>): Promise<boolean> {
  return write.then(
    () => true,
    () => false,
  );
}
