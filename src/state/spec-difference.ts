import { z } from 'zod';
import { canonicalJson } from './canonical-json.ts';
import type { ClusterSpec } from './cluster-spec.ts';

/** One field that differs; absent ones are undefined, and null where JSON carries them. */
export const specChangeSchema = z.strictObject({
  /** Dotted path, such as `replacement.graceSeconds`. */
  field: z.string(),
  before: z.unknown(),
  after: z.unknown(),
});

export type SpecChange = z.infer<typeof specChangeSchema>;

/** The fields in which two specs differ, in alphabetical order; lists are compared as a whole. */
export function specDifference(before: ClusterSpec, after: ClusterSpec): readonly SpecChange[] {
  const [left, right] = [flattened(before), flattened(after)];
  const fields = [...new Set([...left.keys(), ...right.keys()])].sort();
  return fields
    .map((field) => ({ field, before: left.get(field), after: right.get(field) }))
    .filter((change) => canonicalJson(change.before) !== canonicalJson(change.after));
}

/** `controlPlanes: 3 → 5`, as people read it. */
export function describeChange({ field, before, after }: SpecChange): string {
  return `${field}: ${valueText(before)} → ${valueText(after)}`;
}

function valueText(value: unknown): string {
  return value === undefined || value === null ? '(not set)' : canonicalJson(value);
}

function flattened(spec: object, path = ''): ReadonlyMap<string, unknown> {
  const fields = Object.entries(spec).flatMap(([name, value]): [string, unknown][] => {
    const field = path + name;
    return isFilledObject(value) ? [...flattened(value, `${field}.`)] : [[field, value]];
  });
  return new Map(fields.filter(([, value]) => value !== undefined));
}

function isFilledObject(value: unknown): value is object {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject && Object.keys(value).length > 0;
}
