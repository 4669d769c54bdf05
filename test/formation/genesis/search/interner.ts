/** So that a number fits one character of a key. */
const THINGS_MAX = 0xffff;

/** Gives equal things the same small number, so that states compare and hash by number. */
export function createInterner<T>(keyOf: (thing: T) => string) {
  const numbers = new Map<string, number>();
  const things: T[] = [];
  return {
    numberOf(thing: T): number {
      const key = keyOf(thing);
      const known = numbers.get(key);
      if (known !== undefined) return known;
      if (things.length > THINGS_MAX) throw new Error('the scope of this search is too large');
      numbers.set(key, things.length);
      return things.push(thing) - 1;
    },
    thing(number: number): T {
      return things[number] as T;
    },
  };
}
