import { setTimeout as delay } from 'node:timers/promises';

const LOOK_MS = 50;
/** Generous: other suites may keep the machine busy. What goes well is seen within a second or two. */
const DEADLINE_MS = 30_000;

/** Looks until there is something; rejects with `whatElse` when there is nothing in time. */
export async function eventually<T>(
  look: () => Promise<T | undefined> | T | undefined,
  whatElse: () => string | Promise<string>,
  withinMs = DEADLINE_MS,
): Promise<T> {
  const deadlineMs = performance.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (performance.now() > deadlineMs) throw new Error(await whatElse());
    await delay(LOOK_MS);
  }
}
