import { join } from 'node:path';
import { tellAgent } from '../adapters/local-api-client.ts';
import { TerminalError } from '../errors.ts';
import { type SpecAnswer, specAnswerSchema } from '../state/local-changes.ts';
import { describeChange } from '../state/spec-difference.ts';
import { readSpecDocument } from './spec-file.ts';
import { hasComments, keptWording } from './spec-text.ts';
import { withProgress } from './with-progress.ts';

interface Options {
  readonly stateDir: string;
  readonly file: string;
  readonly dryRun?: boolean;
}

/**
 * Replaces the cluster's spec by a document, and prints what changes by that. TerminalError
 * `spec.refused` names every field that is wrong, `apply.conflict` when somebody was faster.
 */
export async function apply({ stateDir, file, dryRun = false }: Options): Promise<void> {
  const { document, metadata, text } = await readSpecDocument(file);
  // Without comments it says no more than the spec itself, so comments that are kept stay.
  const wording = hasComments(text) ? keptWording(text) : {};
  const ask = { document, dryRun, ...wording, ...revisionOf(metadata) };
  const told = tellAgent(join(stateDir, 'agent.sock'), '/v1/spec', ask, specAnswerSchema);
  const answer = await withProgress('waiting for the log to confirm the spec', told);
  const words = 'wording' in wording ? 'kept' : 'none';
  process.stdout.write(renderApplied(answer, dryRun ? 'dry-run' : words));
}

/**
 * What an edit changes, and what came of it: `dry-run`: nothing; `kept`: the text was handed over to be
 * kept, comments and all; `none`: without it.
 */
export function renderApplied(
  { changes, revision, wordingKept }: SpecAnswer,
  how: 'dry-run' | 'kept' | 'none',
): string {
  const lost = wordingKept ? '' : 'Its comments are not kept: apply it once more.\n';
  if (changes.length === 0) {
    const kept = how === 'kept' && wordingKept ? '; its text and comments are kept' : '';
    return `Nothing differs from the spec of revision ${revision}${kept}.\n${lost}`;
  }
  const list = changes.map((change) => `  ${describeChange(change)}\n`).join('');
  const outcome = how === 'dry-run' ? 'Would be changed' : `Changed, revision ${revision}`;
  return `${outcome}:\n${list}${lost}`;
}

/** Of `civitas get spec`; a document without it is an edit of whatever spec there is. */
function revisionOf(metadata: unknown): { readonly ifRevision?: number } {
  if (metadata === undefined) return {};
  const revision =
    typeof metadata === 'object' && metadata !== null && 'revision' in metadata
      ? metadata.revision
      : undefined;
  if (typeof revision === 'number' && Number.isSafeInteger(revision) && revision >= 1) {
    return { ifRevision: revision };
  }
  throw new TerminalError(
    'spec.bad-revision',
    'metadata.revision of the document is no revision: take it from `civitas get spec`, or leave metadata out.',
  );
}
