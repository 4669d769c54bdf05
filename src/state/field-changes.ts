import { canonicalJson } from './canonical-json.ts';

/** One field that differs; absent ones are undefined. */
export interface FieldChange {
  /** Names from the outside in; any of them may have dots in it. */
  readonly path: readonly string[];
  readonly before: unknown;
  readonly after: unknown;
}

/** The fields in which two documents differ; lists are compared as a whole. */
export function fieldChanges(before: object, after: object): readonly FieldChange[] {
  const [left, right] = [leaves(before), leaves(after)];
  const names = [...new Set([...left.keys(), ...right.keys()])];
  return names.flatMap((name) => {
    const [was, is] = [left.get(name), right.get(name)];
    if (canonicalJson(was?.value) === canonicalJson(is?.value)) return [];
    const path = was?.path ?? is?.path ?? [];
    return [{ path, before: was?.value, after: is?.value }];
  });
}

interface Leaf {
  readonly path: readonly string[];
  readonly value: unknown;
}

function leaves(document: object, above: readonly string[] = []): ReadonlyMap<string, Leaf> {
  const fields = Object.entries(document).flatMap(([name, value]): [string, Leaf][] => {
    const path = [...above, name];
    if (value === undefined) return [];
    return isFilledObject(value)
      ? [...leaves(value, path)]
      : [[JSON.stringify(path), { path, value }]];
  });
  return new Map(fields);
}

function isFilledObject(value: unknown): value is object {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject && Object.keys(value).length > 0;
}
