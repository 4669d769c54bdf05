interface Sleeper {
  readonly dueMs: number;
  /** Decides among those that are due at the same time. */
  readonly rank: number;
  /** Grows with each that begins to sleep. */
  readonly number: number;
  /** Ends the sleep early. */
  readonly signal: AbortSignal | undefined;
  readonly wake: () => void;
}

/** Who sleeps, in the order of waking: by time, then by rank, then by who slept first. */
export interface Sleepers {
  add(sleeper: Sleeper): void;
  next(): Sleeper | undefined;
  takeNext(): Sleeper | undefined;
  /** All that sleep on this signal, in the order in which they began. */
  takeAllOf(signal: AbortSignal): readonly Sleeper[];
  count(): number;
}

export function createSleepers(): Sleepers {
  /** Whoever wakes next is the last. */
  let queue: Sleeper[] = [];

  /** Right before all that wake before it, and so behind all that wake after it. */
  function placeOf(sleeper: Sleeper): number {
    let from = 0;
    let to = queue.length;
    while (from < to) {
      const middle = Math.floor((from + to) / 2);
      if (wakesBefore(sleeper, queue[middle])) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  return {
    add: (sleeper) => void queue.splice(placeOf(sleeper), 0, sleeper),
    next: () => queue.at(-1),
    takeNext: () => queue.pop(),
    takeAllOf(signal) {
      const taken = queue.filter((sleeper) => sleeper.signal === signal);
      queue = queue.filter((sleeper) => sleeper.signal !== signal);
      return taken.sort((a, b) => a.number - b.number);
    },
    count: () => queue.length,
  };
}

function wakesBefore(a: Sleeper, b: Sleeper | undefined): boolean {
  if (!b) return false;
  return a.dueMs === b.dueMs ? a.rank < b.rank : a.dueMs < b.dueMs;
}
