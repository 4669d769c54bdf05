import type { DecisionEvent } from '../state/decision-event.ts';
import { documentText } from './document-text.ts';
import { knownLog } from './known-log.ts';
import { namedNode } from './named-node.ts';
import { renderHistory } from './render-history.ts';

interface Options {
  readonly stateDir: string;
  readonly node?: string;
  readonly output: 'table' | 'wide' | 'json' | 'yaml';
}

/** Prints what was decided, in the order of the log, which no wall clock of a host changes. A node that is named need not be enrolled any more. */
export async function history({ stateDir, node, output }: Options): Promise<void> {
  const log = await knownLog(stateDir);
  const inOrder = log.events.toSorted((left, right) => left.revision - right.revision);
  const all = inOrder.map(({ value }) => value);
  const isNamed = ({ hostname, nodeId }: DecisionEvent) => hostname === node || nodeId === node;
  if (node !== undefined && !all.some(isNamed)) namedNode(node, log);
  const events = node === undefined ? all : all.filter(isNamed);
  if (output === 'json' || output === 'yaml') {
    const document = { apiVersion: 'civitas.dev/v1alpha1', kind: 'History', events };
    process.stdout.write(await documentText(document, output));
    return;
  }
  const hostnames = new Map(log.nodes.map(({ key, value }) => [key, value.hostname]));
  process.stdout.write(renderHistory(events, { wide: output === 'wide', hostnames }));
}
