import { z } from 'zod';
import { canonicalJson } from './canonical-json.ts';
import type { ClusterSpec } from './cluster-spec.ts';
import { type FieldChange, fieldChanges } from './field-changes.ts';

/** One field that differs; absent ones are undefined, which JSON leaves out. */
export const specChangeSchema = z.strictObject({
  /** Dotted path, such as `replacement.graceSeconds`. */
  field: z.string(),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
});

export type SpecChange = z.infer<typeof specChangeSchema>;

/** The fields in which two specs differ, in alphabetical order; lists are compared as a whole. */
export function specDifference(before: ClusterSpec, after: ClusterSpec): readonly SpecChange[] {
  const changes = fieldChanges(before, after);
  return changes
    .filter((change) => !isToldBelow(change, changes))
    .map((change) => ({ field: change.path.join('.'), before: change.before, after: change.after }))
    .toSorted((left, right) => (left.field < right.field ? -1 : 1));
}

/** An empty object that something was put into, or that all was taken out of: that is what people are told. */
function isToldBelow({ path, before, after }: FieldChange, all: readonly FieldChange[]): boolean {
  if (!isObject(before ?? after)) return false;
  return all.some(
    (other) =>
      other.path.length > path.length && path.every((name, index) => name === other.path[index]),
  );
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && !Array.isArray(value);
}

/** `controlPlanes: 3 → 5`, as people read it. */
export function describeChange({ field, before, after }: SpecChange): string {
  return `${field}: ${valueText(before)} → ${valueText(after)}`;
}

/** A value of a field, as people read it. */
export function valueText(value: unknown): string {
  return value === undefined || value === null ? '(not set)' : canonicalJson(value);
}
