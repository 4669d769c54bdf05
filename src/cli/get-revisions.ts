import type { ClusterSpec } from '../state/cluster-spec.ts';
import type { KnownLog } from '../state/known-log.ts';
import { describeChange, type SpecChange, specDifference } from '../state/spec-difference.ts';
import { documentText } from './document-text.ts';
import { knownLog } from './known-log.ts';
import { plainTable } from './plain-table.ts';
import { presentSpec } from './present-spec.ts';
import { timeText } from './time-text.ts';

interface Options {
  readonly stateDir: string;
  readonly output: 'table' | 'json' | 'yaml';
}

/** One spec that counted, or counts. */
interface Revision {
  readonly revision: number;
  /** Null for the present one. */
  readonly replacedWallMs: number | null;
  /** From the one before; empty for the oldest that is kept. */
  readonly changes: readonly SpecChange[];
}

/** Prints which specs are kept, oldest first, and what each changed. */
export async function getRevisions({ stateDir, output }: Options): Promise<void> {
  const revisions = revisionsOf(await knownLog(stateDir));
  if (output === 'table') {
    process.stdout.write(renderRevisions(revisions));
    return;
  }
  const document = { apiVersion: 'civitas.dev/v1alpha1', kind: 'Revisions', revisions };
  process.stdout.write(await documentText(document, output));
}

function revisionsOf(log: KnownLog): readonly Revision[] {
  const { spec } = presentSpec(log);
  const former = log.editions
    .map(({ value }) => value)
    // Of an edit that ended between its two writes: the present spec was replaced by nobody.
    .filter(({ revision }) => revision < spec.revision)
    .toSorted((left, right) => left.revision - right.revision);
  const all: readonly { revision: number; spec: ClusterSpec; replacedWallMs: number | null }[] = [
    ...former,
    { revision: spec.revision, spec: spec.value, replacedWallMs: null },
  ];
  return all.map((each, index) => {
    const before = all[index - 1];
    const changes = before ? specDifference(before.spec, each.spec) : [];
    return { revision: each.revision, replacedWallMs: each.replacedWallMs, changes };
  });
}

function renderRevisions(revisions: readonly Revision[]): string {
  const rows = revisions.map(({ revision, replacedWallMs, changes }) => {
    const until = replacedWallMs === null ? 'now' : timeText(replacedWallMs);
    return [String(revision), until, changes.map(describeChange).join(', ') || '-'];
  });
  return `${plainTable(['REVISION', 'UNTIL', 'CHANGED'], rows)}\n`;
}
