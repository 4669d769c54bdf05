import { hasQuorum, voters } from './cluster.ts';
import type { Deed } from './deed.ts';
import { roleOf } from './entries.ts';
import { isControlPlane, isKnownWhole, JOINS } from './known.ts';
import { firstOf, type Moment, type Rule } from './moment.ts';
import { isDone, isLate, type Place } from './place.ts';

/** S5: of what the agents do; what etcd itself refuses is no concern of theirs. */
export const quorumKept: Rule = (moment) => {
  const { after, deeds } = moment;
  if (after.filter(joinsEtcd).length > 1) return 'two nodes join etcd at once';
  return firstOf(deeds, (deed) => {
    if (deed.type === 'reset') {
      return forgetsItsVote(moment, deed) ?? leavesWithoutQuorum(moment, deed.place);
    }
    if (deed.type === 'remove') {
      return (
        leavesWithoutQuorum(moment, deed.place) ??
        leavesBesideAnother(moment, deed.place) ??
        removesWhoServes(moment, deed.place)
      );
    }
    if (deed.type !== 'assign') return undefined;
    return beginsHalfAPair(moment, deed) ?? leavesTooFew(moment, deed);
  });
};

function joinsEtcd({ kubeadm, recorded }: Place): boolean {
  const { task } = recorded ?? {};
  return kubeadm === 'running' && (task === 'join-control-plane' || task === 'promote');
}

/** Whoever retires is reset without a word to etcd. */
function forgetsItsVote(
  { before }: Moment,
  { place, isMember }: Extract<Deed, { type: 'reset' }>,
): string | undefined {
  if (before[place]?.asked?.task !== 'retire' || !isMember) return undefined;
  return `#${place} is emptied, and etcd goes on counting on it`;
}

function leavesWithoutQuorum({ before }: Moment, index: number): string | undefined {
  const staying = before.filter((_, other) => other !== index);
  if (before[index]?.member !== 'voter' || voters(staying).length === 0) return undefined;
  if (hasQuorum(before) && hasQuorum(staying)) return undefined;
  return `#${index} leaves etcd, and the others have no quorum`;
}

function leavesBesideAnother({ before }: Moment, index: number): string | undefined {
  const other = before.findIndex((place, at) => at !== index && joinsEtcd(place));
  return other === -1 ? undefined : `#${index} leaves etcd while #${other} joins it`;
}

function removesWhoServes({ before }: Moment, index: number): string | undefined {
  const place = before[index];
  if (!place || !isDone(place) || place.recorded?.name !== place.asked?.name) return undefined;
  return `#${index} serves and its member of etcd is removed`;
}

/** Two voters are worse than one: so the second is asked only when a third is there. */
function beginsHalfAPair(
  { before }: Moment,
  { place, asked, late }: Extract<Deed, { type: 'assign' }>,
): string | undefined {
  if (late || !JOINS.includes(asked.task)) return undefined;
  const staying = before.filter((other) => isControlPlane(other) && !other.leaving);
  const isOdd = staying.length % 2 === 0;
  if (isOdd || isControlPlane(before[place] as Place)) return undefined;
  const isThere = before.some((other, index) => index !== place && mayFollow(other));
  return isThere
    ? undefined
    : `#${place} makes the control planes even, and nobody is there to make them odd`;
}

/** As far as the log says; whoever sees to it looks at etcd itself. */
function leavesTooFew(
  { before }: Moment,
  { place, asked, late }: Extract<Deed, { type: 'assign' }>,
): string | undefined {
  const leaves = asked.task === 'demote' || asked.task === 'retire';
  if (late || !leaves || before[place]?.asked?.name === asked.name) return undefined;
  if (before[place]?.said?.etcdMember !== 'voter' || neverServed(before[place])) return undefined;
  const staying = before.filter((_, index) => index !== place);
  const enough = [before, staying].every((all) => {
    const voting = all.filter((each) => mayVote(each) && each.said?.etcdMember === 'voter');
    return (
      voting.filter((each) => isKnownWhole(each) || isWellStill(each)).length > voting.length / 2
    );
  });
  return enough ? undefined : `#${place} is to leave, and the others are no quorum of etcd`;
}

/** Its promotion failed: how etcd is there nobody told, and its host stands still until etcd let go of it. */
function neverServed({ asked, recorded }: Place): boolean {
  const isOwn = recorded?.task === 'promote' && recorded.name === asked?.name;
  return isOwn && recorded.progress.state === 'failed';
}

/** Etcd has not let go of it, whatever it is asked. */
function mayVote(place: Place): boolean {
  return isControlPlane(place) || isStill(place);
}

function isStill({ asked, departure }: Place): boolean {
  return (asked?.task === 'demote' || asked?.task === 'retire') && departure !== 'done';
}

function isWellStill(place: Place): boolean {
  return isStill(place) && place.verdict === 'alive' && place.said?.apiServerReady === true;
}

function mayFollow(place: Place): boolean {
  const { verdict, asked } = place;
  const role = asked === null || isLate(place) ? 'spare' : roleOf(asked.task);
  return verdict === 'alive' && role !== 'control-plane';
}
