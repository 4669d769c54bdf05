const FIRST_WORD_MS = 1_000;
const NEXT_WORD_MS = 10_000;

/** One line to stderr, where it does not disturb output that a program reads. */
export function say(line: string): void {
  process.stderr.write(`lab: ${line}\n`);
}

/** Seconds since `startedMs` (of performance.now()), as people read them. */
export function secondsSince(startedMs: number): string {
  return `${((performance.now() - startedMs) / 1000).toFixed(1)} s`;
}

/** Awaits `work`, and says what for when that takes longer than a second. */
export async function waitingFor<T>(what: string, work: Promise<T>): Promise<T> {
  const startedMs = performance.now();
  const speak = () => say(`waiting for ${what} (${secondsSince(startedMs)})`);
  const first = setTimeout(speak, FIRST_WORD_MS);
  const next = setInterval(speak, NEXT_WORD_MS);
  try {
    return await work;
  } finally {
    clearTimeout(first);
    clearInterval(next);
  }
}
