/**
 * Whether two pieces of plain data say the same: in whatever order the fields of an object stand, and
 * with a field that is undefined as good as none. For what has to be one text, see `canonicalJson`.
 */
export function sameValue(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (!isObject(left) || !isObject(right)) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const isSame = (key: string) => sameValue(fieldOf(left, key), fieldOf(right, key));
  const isKnown = (key: string) => Object.hasOwn(left, key) || fieldOf(right, key) === undefined;
  return Object.keys(left).every(isSame) && Object.keys(right).every(isKnown);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function fieldOf(object: object, key: string): unknown {
  return Object.hasOwn(object, key) ? Reflect.get(object, key) : undefined;
}
