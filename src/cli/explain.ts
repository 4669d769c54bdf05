import { explain as explanationOf } from '../state/explanation.ts';
import { documentText } from './document-text.ts';
import { knownLog } from './known-log.ts';
import { namedNode } from './named-node.ts';
import { paintFor } from './paint.ts';
import { renderExplanation } from './render-explanation.ts';

interface Options {
  readonly stateDir: string;
  readonly output: 'table' | 'json' | 'yaml';
}

/** Prints what a node is, why, and what it waits for. TerminalError `cli.unknown-node`. */
export async function explain(node: string, { stateDir, output }: Options): Promise<void> {
  const log = await knownLog(stateDir);
  const explanation = explanationOf(namedNode(node, log), log);
  if (output !== 'table') {
    const document = { apiVersion: 'civitas.dev/v1alpha1', kind: 'Explanation', ...explanation };
    process.stdout.write(await documentText(document, output));
    return;
  }
  const paint = paintFor(process.stdout);
  process.stdout.write(renderExplanation(explanation, { paint, wallMs: Date.now() }));
}
