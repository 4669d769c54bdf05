/** What is laid over each thing at the moment, in the order in which it began. */
const laid = new WeakMap<object, readonly object[]>();

/**
 * Changes a thing until what is returned is called. Of several changes at once the one that began last
 * counts, and after each end what is left of them; `plain` is how the thing is without any.
 */
export function whileHeld<T extends object>(
  thing: T,
  plain: Partial<T>,
  change: Partial<T>,
): () => void {
  const lay = (changes: readonly object[]) => {
    laid.set(thing, changes);
    Object.assign(thing, plain, ...changes);
  };
  lay([...(laid.get(thing) ?? []), change]);
  return () => lay((laid.get(thing) ?? []).filter((each) => each !== change));
}
