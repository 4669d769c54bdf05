import { TerminalError } from '../../errors.ts';

/** So that a number fits one character of a key. */
const THINGS_MAX = 0xffff;

export interface Interner<T> {
  /** The same small number for equal things. */
  numberOf(thing: T): number;
  thing(number: number): T;
}

/**
 * Gives equal things the same small number, so that states are made and compared by number. Throws
 * TerminalError `verify.too-large` when there are too many different ones.
 */
export function createInterner<T>(keyOf: (thing: T) => string): Interner<T> {
  const numbers = new Map<string, number>();
  const things: T[] = [];
  return {
    numberOf(thing) {
      const key = keyOf(thing);
      const known = numbers.get(key);
      if (known !== undefined) return known;
      if (things.length > THINGS_MAX) throw tooLarge();
      numbers.set(key, things.length);
      return things.push(thing) - 1;
    },
    thing: (number) => things[number] as T,
  };
}

function tooLarge(): TerminalError {
  const message = `More than ${THINGS_MAX} different nodes can come about: ask for fewer faults.`;
  return new TerminalError('verify.too-large', message);
}
