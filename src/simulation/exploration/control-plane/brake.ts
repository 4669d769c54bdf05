import { isControlPlane, isKnownWhole, JOINS } from './known.ts';
import { firstOf, type Rule } from './moment.ts';
import { type Asked, isDone, isLate, type Place } from './place.ts';

/** S20. A decision of a leader that was deposed since may be of an older cluster, but not a second one. */
export const brake: Rule = ({ before, after, deeds }) =>
  firstOf(deeds, (deed) => {
    if (deed.type !== 'assign' || isLate(after[deed.place] as Place)) return undefined;
    const place = before[deed.place];
    const goesOn = place?.asked?.name === deed.asked.name;
    if (goesOn || (place && isAlready(place, deed.asked))) return undefined;
    const others = { before, after, index: deed.place, late: deed.late };
    if (JOINS.includes(deed.asked.task)) return joinsBesideOthers(others);
    const leaves = deed.asked.task === 'demote' || deed.asked.task === 'retire';
    return leaves ? leavesBesideOthers(others) : undefined;
  });

/** What it is asked for once more is what it serves by. */
function isAlready({ recorded }: Place, { name }: Asked): boolean {
  return recorded?.name === name && recorded.progress.state === 'succeeded';
}

interface Others {
  readonly before: readonly Place[];
  readonly after: readonly Place[];
  /** Whom the assignment is for. */
  readonly index: number;
  readonly late: boolean;
}

function joinsBesideOthers({ after, index, late }: Others): string | undefined {
  const isFine = late ? isDone : isKnownWhole;
  const other = after.findIndex((place, at) => {
    return at !== index && ((isControlPlane(place) && !isFine(place)) || mayStillVote(place));
  });
  return other === -1
    ? undefined
    : `#${index} is to join as control plane while #${other} is not whole`;
}

/** Of whoever may be a member of etcd: workers come and go as they like. */
function leavesBesideOthers({ before, after, index }: Others): string | undefined {
  if (!isControlPlane(before[index] as Place)) return undefined;
  const isDead = before[index]?.verdict === 'dead';
  const other = after.findIndex((place, at) => {
    if (at === index) return false;
    const joins = isControlPlane(place) && place.verdict !== 'dead' && !isDone(place);
    // What etcd can not spare now stands back for one that is dead.
    return joins || (mayStillVote(place) && !(isDead && place.departure === 'stalled'));
  });
  return other === -1 ? undefined : `#${index} is to leave while #${other} comes or goes`;
}

/** Asked to leave, and a voter all the same. A learner takes no votes, and no second one its place. */
function mayStillVote(place: Place): boolean {
  const { asked, member } = place;
  return (
    (asked?.task === 'demote' || asked?.task === 'retire') && !isLate(place) && member === 'voter'
  );
}
