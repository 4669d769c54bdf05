import { isPeerAt, peerUrlAt } from '../../state/etcd-peer.ts';
import { quorumOf } from '../../state/projected-quorum.ts';
import type { Action } from './action.ts';
import { because } from './because.ts';
import type { Asked, Place, SeenMember } from './observed.ts';
import { movedMember } from './ownership.ts';

/**
 * Members that nobody reaches any more since their host lives at other addresses. One that answers where
 * it is listed is left alone, whichever address its host prefers now; the only one answers itself anywhere,
 * and those who join are told where.
 */
export function changesOfAddress(places: readonly Place[], asked: Asked): readonly Action[] {
  const voters = asked.members.filter(({ learner }) => !learner);
  if (voters.filter(({ healthy }) => healthy).length < quorumOf(voters.length)) return [];
  return places.flatMap((place) => changeOf(place, voters, asked) ?? []);
}

function changeOf(place: Place, voters: readonly SeenMember[], asked: Asked): Action | undefined {
  const { nodeId, hostname, addresses } = place;
  const [address] = addresses;
  const member = movedMember(place, voters);
  if (!member || address === undefined) return undefined;
  if (member.healthy && voters.length > 1) return undefined;
  if (asked.members.some((other) => isPeerAt(other, [address]))) return undefined;
  const peerUrl = peerUrlAt(address);
  const summary = `the member of ${hostname} is told to the others as ${peerUrl} instead of ${member.peerUrls[0]}, where the host is no more`;
  return {
    type: 'update-peer-url',
    memberId: member.id,
    peerUrl,
    about: { nodeId, hostname },
    operationId: null,
    reasons: because(asked, 'update-peer-url', summary),
  };
}
