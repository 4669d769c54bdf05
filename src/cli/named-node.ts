import { TerminalError } from '../errors.ts';
import { isNamed, unknownNode } from '../state/enrolled-names.ts';
import type { KnownLog } from '../state/known-log.ts';
import type { Node } from '../state/node.ts';

/** The enrolled node of that host name or node id. TerminalError `cli.unknown-node` names those there are. */
export function namedNode(typed: string, { nodes, revision }: KnownLog): Node {
  const values = nodes.map(({ value }) => value);
  const node = values.find((each) => isNamed(each, typed));
  if (node) return node;
  throw new TerminalError('cli.unknown-node', unknownNode(typed, values, revision));
}
