import { join } from 'node:path';
import { tellAgent } from '../adapters/local-api-client.ts';
import { TerminalError } from '../errors.ts';
import { countText } from '../state/count-text.ts';
import { specAnswerSchema } from '../state/local-changes.ts';
import { describeChange } from '../state/spec-difference.ts';
import { readSpecDocument } from './spec-file.ts';

interface Options {
  readonly stateDir: string;
  readonly file: string;
}

/**
 * Prints what a document would change of the spec as it stands, whichever it is an edit of.
 * TerminalError `diff.differs` after that, unless nothing does; `spec.refused` names what is wrong.
 */
export async function diff({ stateDir, file }: Options): Promise<void> {
  const { document } = await readSpecDocument(file);
  const socketPath = join(stateDir, 'agent.sock');
  const asked = { document, dryRun: true };
  const { changes, revision } = await tellAgent(socketPath, '/v1/spec', asked, specAnswerSchema);
  if (changes.length === 0) return;
  process.stdout.write(changes.map((change) => `${describeChange(change)}\n`).join(''));
  const fields = countText(changes.length, 'field');
  throw new TerminalError(
    'diff.differs',
    `The document differs from the spec of revision ${revision} in ${fields}: \`civitas apply -f ${file}\` changes that.`,
  );
}
