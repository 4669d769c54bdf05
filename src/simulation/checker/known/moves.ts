import type { Node } from '../../../state/node.ts';
import type { Of } from '../rule.ts';

const LEAVES_UNIT = /^leaves-for-(\d+-\d+-\d+-\d+)$/;

/** Addresses at which the log has ever had a node. */
export function addressFacts({ kind, key, value }: Of<'log.committed'>): readonly string[] {
  if (kind !== 'node' || value === null) return [];

  const { addresses = [] } = value as Partial<Node>;
  return addresses.map((address) => factOf(key, address));
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
