import { setTimeout as sleep } from 'node:timers/promises';
import type { Place } from './places.ts';

const PAUSE_MS = 500;

/** Resolves once all of these places name the address, and prints after how many seconds each did. */
export async function untilNamed(
  address: string,
  places: readonly Place[],
  deadlineMs: number,
): Promise<void> {
  const startedMs = performance.now();
  let open = places;
  while (open.length > 0) {
    const looks = await Promise.all(
      open.map(async (place) => ({ place, text: await place.look() })),
    );
    const seconds = (performance.now() - startedMs) / 1_000;
    const late = looks.filter(({ text }) => !text.includes(address));
    const found = looks.filter((look) => !late.includes(look));
    for (const { place } of found) print(seconds, `${place.what}: ${address}`);
    if (late.length > 0 && seconds * 1_000 > deadlineMs) throw notNamed(address, late);
    open = late.map(({ place }) => place);
    await sleep(PAUSE_MS);
  }
}

function print(seconds: number, text: string): void {
  process.stdout.write(`${seconds.toFixed(1).padStart(7)} s  ${text}\n`);
}

function notNamed(
  address: string,
  late: readonly { readonly place: Place; readonly text: string }[],
): Error {
  const all = late.map(({ place, text }) => `${place.what} says "${text}"`);
  return new Error(`${address} is not named everywhere: ${all.join('; ')}`);
}
