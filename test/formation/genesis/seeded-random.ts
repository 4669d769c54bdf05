export interface Random {
  /** In [0, 1). */
  fraction(): number;
  /** A whole number in [from, to]. */
  between(from: number, to: number): number;
  chance(probability: number): boolean;
  shuffled<T>(things: readonly T[]): T[];
}

/** mulberry32: the same seed gives the same numbers. */
export function seededRandom(seed: number): Random {
  let state = seed | 0;

  function fraction(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  function between(from: number, to: number): number {
    return from + Math.floor(fraction() * (to - from + 1));
  }

  function shuffled<T>(things: readonly T[]): T[] {
    const order = things.map((thing) => ({ thing, at: fraction() }));
    return order.sort((left, right) => left.at - right.at).map(({ thing }) => thing);
  }

  return { fraction, between, chance: (probability) => fraction() < probability, shuffled };
}
