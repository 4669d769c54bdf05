import type { NodeId } from './node-id.ts';

/**
 * Deals joins to sponsors: each to the least busy, by node id among equals. `busy` names a sponsor
 * once for every join it has under way. Nothing is dealt when there is no sponsor.
 */
export function dealSponsors<T>(
  joins: readonly T[],
  sponsors: readonly NodeId[],
  busy: readonly (NodeId | null)[],
): readonly { readonly join: T; readonly sponsor: NodeId }[] {
  const taken = [...busy];
  const load = (sponsor: NodeId) => taken.filter((name) => name === sponsor).length;

  return joins.flatMap((join) => {
    const [sponsor] = sponsors.toSorted((a, b) => load(a) - load(b) || (a < b ? -1 : 1));
    if (sponsor === undefined) return [];
    taken.push(sponsor);
    return [{ join, sponsor }];
  });
}
