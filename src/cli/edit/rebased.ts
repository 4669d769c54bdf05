import { canonicalJson } from '../../state/canonical-json.ts';
import type { ClusterSpec } from '../../state/cluster-spec.ts';
import { type FieldChange, fieldChanges } from '../../state/field-changes.ts';
import { describeChange, valueText } from '../../state/spec-difference.ts';
import { withChanges } from '../spec-text.ts';

/** An edit on top of what somebody else changed meanwhile. */
export interface Rebased {
  readonly text: string;
  /** What they changed, a line each, and whose value stands where both changed a field. */
  readonly differences: readonly string[];
  /** False where theirs could not be taken over, so that saving this would undo it. */
  readonly isMerged: boolean;
}

/** Brings into `text`, an edit of `base`, what made `theirs` of that: field by field, `mine` first. */
export function rebased(
  text: string,
  { base, theirs, mine }: Readonly<Record<'base' | 'theirs' | 'mine', ClusterSpec>>,
): Rebased {
  const ours = new Map(fieldChanges(base, mine).map((change) => [nameOf(change), change]));
  const changes = fieldChanges(base, theirs);
  const merged = withChanges(
    text,
    changes.filter((change) => !ours.has(nameOf(change))),
  );
  return {
    text: merged ?? text,
    differences: changes.map((change) => difference(change, ours.get(nameOf(change)))),
    isMerged: merged !== undefined,
  };
}

function difference(theirs: FieldChange, mine: FieldChange | undefined): string {
  const line = describeChange({ ...theirs, field: theirs.path.join('.') });
  const isSame = mine && canonicalJson(mine.after) === canonicalJson(theirs.after);
  return mine && !isSame ? `${line} (yours: ${valueText(mine.after)})` : line;
}

function nameOf({ path }: FieldChange): string {
  return JSON.stringify(path);
}
