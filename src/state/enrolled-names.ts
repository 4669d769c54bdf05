import type { Node } from './node.ts';

const MOST_NAMES = 20;
const byName = new Intl.Collator('en', { numeric: true });

/** The sentence that refuses a name that no enrolled node has: `… the cluster has n1, n2 and 3 more.` */
export function unknownNode(typed: string, nodes: readonly Node[], revision: number): string {
  return `There is no node ${typed} at revision ${revision}: the cluster has ${enrolledNames(nodes)}.`;
}

function enrolledNames(nodes: readonly Node[]): string {
  if (nodes.length === 0) return 'nobody';
  const names = nodes.map(({ hostname }) => hostname).sort(byName.compare);
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  return `${names.slice(0, MOST_NAMES).join(', ')}${more}`;
}

/** Whether people mean this node: by its host name or its node id. */
export function isNamed({ hostname, nodeId }: Node, typed: string): boolean {
  return typed === hostname || typed === nodeId;
}
