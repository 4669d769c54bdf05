import { hasQuorum, voters } from './cluster.ts';
import type { Deed } from './deed.ts';
import { roleOf } from './entries.ts';
import { firstOf, type Moment, type Rule } from './moment.ts';
import { isDone, isLate, type Place } from './place.ts';

/** S5: of what the agents do; what etcd itself refuses is no concern of theirs. */
export const quorumKept: Rule = (moment) => {
  const { after, deeds } = moment;
  if (after.filter(joinsEtcd).length > 1) return 'two nodes join etcd at once';
  return firstOf(deeds, (deed) => {
    if (deed.type === 'reset') return leavesWithoutQuorum(moment, deed.place);
    if (deed.type === 'remove') return removesWhoServes(moment, deed.place);
    return deed.type === 'assign' ? beginsHalfAPair(moment, deed) : undefined;
  });
};

/** S20. A decision of a leader that was deposed since may be of an older cluster, but not a second one. */
export const brake: Rule = ({ before, after, deeds }) =>
  firstOf(deeds, (deed) => {
    if (deed.type !== 'assign' || deed.asked.task !== 'join-control-plane') return undefined;
    if (isLate(after[deed.place] as Place)) return undefined;
    const goesOn = before[deed.place]?.asked?.name === deed.asked.name;
    if (goesOn) return undefined;
    const isFine = deed.late ? isDone : isKnownWhole;
    const other = after.findIndex((place, index) => {
      return index !== deed.place && isControlPlane(place) && !isFine(place);
    });
    if (other === -1) return undefined;
    return `#${deed.place} is to join as control plane while #${other} is not whole`;
  });

function joinsEtcd({ kubeadm, recorded }: Place): boolean {
  return kubeadm === 'running' && recorded?.task === 'join-control-plane';
}

function isControlPlane(place: Place): boolean {
  return place.asked !== null && !isLate(place) && roleOf(place.asked.task) === 'control-plane';
}

/** As far as the log says. */
function isKnownWhole(place: Place): boolean {
  const { said, asked, verdict } = place;
  return verdict === 'alive' && isDone(place) && said?.name === asked?.name;
}

function leavesWithoutQuorum({ before }: Moment, index: number): string | undefined {
  const staying = before.filter((_, other) => other !== index);
  if (before[index]?.member !== 'voter' || voters(staying).length === 0) return undefined;
  if (hasQuorum(before) && hasQuorum(staying)) return undefined;
  return `#${index} leaves etcd, and the others have no quorum`;
}

function removesWhoServes({ before }: Moment, index: number): string | undefined {
  const place = before[index];
  if (!place || !isDone(place)) return undefined;
  return `#${index} serves and its member of etcd is removed`;
}

/** Two voters are worse than one: so the second is asked only when a third is there. */
function beginsHalfAPair(
  { before }: Moment,
  { place, asked, late }: Extract<Deed, { type: 'assign' }>,
): string | undefined {
  if (late || asked.task !== 'join-control-plane') return undefined;
  const isOdd = before.filter(isControlPlane).length % 2 === 0;
  if (isOdd || isControlPlane(before[place] as Place)) return undefined;
  const isThere = before.some((other, index) => index !== place && mayFollow(other));
  return isThere
    ? undefined
    : `#${place} makes the control planes even, and nobody is there to make them odd`;
}

function mayFollow(place: Place): boolean {
  const { verdict, asked } = place;
  return verdict === 'alive' && (asked === null || isLate(place) || asked.task === 'stand-by');
}
