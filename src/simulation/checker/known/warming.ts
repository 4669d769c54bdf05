import type { Upkeep } from '../../../state/upkeep.ts';
import type { Of } from '../rule.ts';

const WARMING = /^warm-(?:list|pull)-(\d+)-(\d+)-(\d+)-(.+)$/;

/** Whether a unit brings images to a node that stands by. */
export function isWarming(unit: string): boolean {
  return WARMING.test(unit);
}

/** What a commit says that makes such a unit right: `warming/<node>/<release>/<operation>`. */
export function warmingFacts({ kind, key, value }: Of<'log.committed'>): readonly string[] {
  if (kind !== 'upkeep' || value === null) return [];
  // Sound: the store parsed what it committed.
  const { standBy } = value as Upkeep;
  if (standBy?.state !== 'warming') return [];
  return [`warming/${key}/${standBy.kubernetesVersion}/${standBy.operationId}`];
}

/** Whether the node ever said that it does that. */
export function isToldToWarm(
  facts: ReadonlySet<string>,
  unit: string,
  nodeId: string | undefined,
): boolean {
  const [, major, minor, patch, operation = ''] = WARMING.exec(unit) ?? [];
  const told = `warming/${nodeId}/v${major}.${minor}.${patch}/`;
  return [...facts].some((fact) => fact.startsWith(told) && fact.endsWith(operation));
}
