import type { NodeId } from './node-id.ts';
import type { Signs } from './node-verdict.ts';

/** Of several that say the same; the sentence has to fit into its field of the log. */
const MAX_NAMED = 2;

/** The sentence that names what a verdict rests on, and who saw it. `nameOf` gives host names. */
export function verdictEvidence(signs: Signs, nameOf: (nodeId: NodeId) => string): string {
  if (signs.isSelf) return 'it holds the leader lease';
  return [leaseClause(signs), ...findingClauses(signs, nameOf), ...distrustClauses(signs)].join(
    '; ',
  );
}

function leaseClause({ leaseAgeMs, watchedMs }: Signs): string {
  if (leaseAgeMs === undefined) {
    return `no lease was seen in the ${seconds(watchedMs)} s that the leader has watched`;
  }
  return `its lease was last renewed ${seconds(leaseAgeMs)} s ago`;
}

function findingClauses({ findings }: Signs, nameOf: (nodeId: NodeId) => string): string[] {
  const { silentTo, kubeletSeenBy, reachedBy, replacedFor } = findings;
  const clauses: [readonly NodeId[], string][] = [
    [silentTo, 'did not reach it'],
    [kubeletSeenBy, 'saw its kubelet renew its lease'],
    [replacedFor, 'found another node in its place'],
    // That it is reached goes without saying, unless there is something to set against it.
    [silentTo.length + replacedFor.length > 0 ? reachedBy : [], 'reached it'],
  ];
  return clauses.flatMap(([who, what]) =>
    who.length === 0 ? [] : [`${listed(who.map(nameOf))} ${what}`],
  );
}

function distrustClauses({ standing, distrust }: Signs): string[] {
  if (!distrust || standing === 'alive') return [];
  return [`it came back ${distrust.times} times in ten minutes`];
}

function listed(names: readonly string[]): string {
  const more = names.length - MAX_NAMED;
  if (more > 0) return `${names.slice(0, MAX_NAMED).join(', ')} and ${more} more`;
  return names.join(' and ');
}

function seconds(durationMs: number): number {
  return Math.floor(durationMs / 1_000);
}
