import type { Node } from '../../../state/node.ts';
import type { Of } from '../rule.ts';

const LEAVES_UNIT = /^leaves-for-(\d+-\d+-\d+-\d+)$/;

/** Those of the node that a commit enrols; none of any other commit. */
export function enrolledAddresses({ kind, value }: Of<'log.committed'>): readonly string[] {
  if (kind !== 'node' || value === null) return [];
  return (value as Partial<Node>).addresses ?? [];
}

/** Addresses at which the log has ever had a node. */
export function addressFacts(entry: Of<'log.committed'>): readonly string[] {
  return enrolledAddresses(entry).map((address) => factOf(entry.key, address));
}

/** Whether a unit makes leaves for another address of its host. */
export function isOfMove(unit: string): boolean {
  return LEAVES_UNIT.test(unit);
}

export function isEnrolledThere(
  state: ReadonlySet<string>,
  unit: string,
  nodeId: string | undefined,
): boolean {
  const address = LEAVES_UNIT.exec(unit)?.[1]?.replaceAll('-', '.') ?? '';
  return nodeId !== undefined && state.has(factOf(nodeId, address));
}

function factOf(nodeId: string, address: string): string {
  return `address/${nodeId}/${address}`;
}
