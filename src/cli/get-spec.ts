import { TerminalError } from '../errors.ts';
import { type DataFormat, documentText } from './document-text.ts';
import { knownLog } from './known-log.ts';

interface Options {
  readonly stateDir: string;
  readonly output: DataFormat;
}

/**
 * Prints the spec as a document that `civitas apply` takes back: its `metadata.revision` makes sure
 * that nobody's change in between is undone.
 */
export async function getSpec({ stateDir, output }: Options): Promise<void> {
  const { spec } = await knownLog(stateDir);
  const [present] = spec;
  if (present === undefined) {
    throw new TerminalError(
      'get.no-spec',
      'The cluster has no spec yet: see what `civitas status` waits for.',
    );
  }
  const { apiVersion, kind, ...wanted } = present.value;
  const metadata = { revision: present.revision };
  process.stdout.write(await documentText({ apiVersion, kind, metadata, ...wanted }, output));
}
