/** A list of indices. */
type Order = readonly number[];

/**
 * All orders of the indices of `classes`, up to swaps within a class: of the orders that differ
 * only in who of one class comes first, one.
 */
export function ordersOf(classes: Order): readonly Order[] {
  return permutations(
    classes.map((_, index) => index),
    classes,
  );
}

function permutations(of: Order, classes: Order): readonly Order[] {
  if (of.length === 0) return [[]];
  const heads = of.filter((index, at) => {
    return of.findIndex((other) => classes[other] === classes[index]) === at;
  });
  return heads.flatMap((head) =>
    permutations(
      of.filter((other) => other !== head),
      classes,
    ).map((rest) => [head, ...rest]),
  );
}

/** Every way to swap indices within their classes: to whom each index is sent. */
export function swapsOf(classes: Order): readonly Order[] {
  return [...new Set(classes)].reduce<readonly Order[]>(
    (swaps, each) => {
      const members = classes.flatMap((other, index) => (other === each ? [index] : []));
      const ways = permutations(
        members,
        classes.map((_, index) => index),
      );
      return swaps.flatMap((swap) => ways.map((way) => sent(swap, members, way)));
    },
    [classes.map((_, index) => index)],
  );
}

function sent(swap: Order, members: Order, way: Order): Order {
  return swap.map((to, index) => {
    const at = members.indexOf(index);
    return at === -1 ? to : (way[at] ?? to);
  });
}
