import { TerminalError } from '../errors.ts';
import type { ClusterSpec } from '../state/cluster-spec.ts';
import type { KnownLog } from '../state/known-log.ts';
import { type DataFormat, documentText } from './document-text.ts';
import { knownLog } from './known-log.ts';
import { numberBetween } from './number-between.ts';
import { presentSpec } from './present-spec.ts';

interface Options {
  readonly stateDir: string;
  readonly output: DataFormat;
  readonly revision?: string;
}

const LARGEST_REVISION = 999_999_999;

/**
 * Prints the spec as a document that `civitas apply` takes back: its `metadata.revision` makes sure
 * that nobody's change in between is undone. With a revision, one of before, without metadata, so
 * that applying it brings it back. TerminalError `get.no-revision` where that is not kept.
 */
export async function getSpec({ stateDir, output, revision }: Options): Promise<void> {
  const log = await knownLog(stateDir);
  const { spec, wording } = presentSpec(log);
  const wanted =
    revision === undefined
      ? spec.revision
      : numberBetween('--revision', revision, 1, LARGEST_REVISION);
  if (wanted !== spec.revision) {
    process.stdout.write(await documentText(specOf(wanted, log, spec.revision), output));
    return;
  }
  if (output === 'yaml' && wording !== undefined) {
    const { specText, withRevision } = await import('./spec-text.ts');
    process.stdout.write(withRevision(specText(spec.value, wording), spec.revision));
    return;
  }
  const { apiVersion, kind, ...fields } = spec.value;
  const metadata = { revision: spec.revision };
  process.stdout.write(await documentText({ apiVersion, kind, metadata, ...fields }, output));
}

function specOf(revision: number, { editions }: KnownLog, present: number): ClusterSpec {
  const edition = editions.find(({ value }) => value.revision === revision);
  if (edition) return edition.value.spec;
  const kept = [...editions.map(({ value }) => value.revision), present];
  const list = [...new Set(kept)].toSorted((a, b) => a - b).join(', ');
  throw new TerminalError(
    'get.no-revision',
    `No spec of revision ${revision} is kept: choose from ${list}.`,
  );
}
