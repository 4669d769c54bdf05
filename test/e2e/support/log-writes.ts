import { eventually, viewOf } from './machines.ts';

const SETTLES_WITHIN_MS = 60_000;
const QUIET_MS = 5_000;

/** How many entries the log gets in that time, once everything was said that followed from what went before. */
export async function logWrites(machine: string, watchedMs: number): Promise<number> {
  await eventually(
    () => writesWithin(machine, QUIET_MS),
    (writes) => writes === 0,
    SETTLES_WITHIN_MS,
  );
  return writesWithin(machine, watchedMs);
}

async function writesWithin(machine: string, watchedMs: number): Promise<number> {
  const { revision } = await viewOf(machine);
  await new Promise((resolve) => setTimeout(resolve, watchedMs));
  return (await viewOf(machine)).revision - revision;
}
