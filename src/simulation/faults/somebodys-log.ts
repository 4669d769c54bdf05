import type { StoreHandle } from '../../ports/store.ts';
import type { Fleet } from '../fleet/fleet.ts';

/**
 * The log as the agent of a machine has it, for people to change; undefined where there is none, or where
 * the agent changes nothing because of what it can not read (S25).
 */
export function logAt(fleet: Fleet, hostname: string): StoreHandle | undefined {
  const store = fleet.machine(hostname).agent()?.member.current()?.log.store;
  return store?.problems().length === 0 ? store : undefined;
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
