import type { Turn } from './controller.ts';

export interface Turns {
  /** Runs `pass` once all earlier ones of the same turn have ended; at once without a turn. */
  take<T>(turn: Turn | undefined, pass: () => Promise<T>): Promise<T>;
}

export function createTurns(): Turns {
  const last = new Map<Turn, Promise<unknown>>();
  return {
    take(turn, pass) {
      if (turn === undefined) return pass();
      const before = last.get(turn) ?? Promise.resolve();
      // Whoever took the turn before hears of its own failure.
      const taken = before.then(pass, pass);
      last.set(turn, taken);
      return taken;
    },
  };
}
