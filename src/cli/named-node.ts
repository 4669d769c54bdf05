import { TerminalError } from '../errors.ts';
import type { KnownLog } from '../state/known-log.ts';
import type { Node } from '../state/node.ts';

const MOST_NAMES = 20;

/** The enrolled node of that host name or node id. TerminalError `cli.unknown-node` names those there are. */
export function namedNode(typed: string, { nodes, revision }: KnownLog): Node {
  const values = nodes.map(({ value }) => value);
  const node = values.find(({ hostname, nodeId }) => typed === hostname || typed === nodeId);
  if (node) return node;
  const names = values.map(({ hostname }) => hostname).sort(byName.compare);
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  const known = names.length === 0 ? 'nobody' : `${names.slice(0, MOST_NAMES).join(', ')}${more}`;
  throw new TerminalError(
    'cli.unknown-node',
    `There is no node ${typed} at revision ${revision}: the cluster has ${known}.`,
  );
}

const byName = new Intl.Collator('en', { numeric: true });
