import { lastOf, memoised } from '../memo.ts';
import type { Step } from '../transition-system.ts';
import { type Cluster, hasQuorum, mayLeaveEtcd, placesOf, servesApi } from './cluster.ts';
import type { Decisions } from './decisions.ts';
import type { Deed } from './deed.ts';
import { hostWork } from './host-work.ts';
import { isAskedInVain } from './late-write.ts';
import { type Chances, type Given, possibleAssignments } from './leader.ts';
import { isUnheard, type Policy } from './log-view.ts';
import { handoverStep, judged, sponsors } from './node-decisions.ts';
import type { Place, Places } from './place.ts';
import type { Stage } from './stage.ts';
import type { Surroundings } from './surroundings.ts';

export type ClusterStep = Step<Cluster, Deed>;

/** The decisions, each asked once for everything it can see. Places by number. */
export interface Model {
  readonly places: Places;
  readonly decisions: Decisions;
  /** What the kubeadm controller of the place at `index` does next. */
  work(cluster: Cluster, index: number): readonly WorkStage[];
  /** Every list of assignments that the leader may decide now. */
  assign(cluster: Cluster): readonly (readonly Given[])[];
  /** Whether the sponsor of the place at `index` now removes what an earlier attempt left in etcd. */
  removesMember(cluster: Cluster, index: number): boolean;
  verdict(number: number): Place['verdict'];
}

interface WorkStage {
  readonly number: number;
  readonly deeds: readonly Deed[];
}

export function createModel(
  places: Places,
  decisions: Decisions,
  policy: Policy,
  chances: Chances,
): Model {
  const work = new Map<number, readonly WorkStage[]>();
  const assignments = new Map<string, readonly (readonly Given[])[]>();
  const views = new Map<string, number>();
  const aroundEach = lastOf((cluster: Cluster) => surroundings(places, cluster));
  const viewOf = memoised((number: number) => viewNumber(views, places.thing(number)));

  return {
    places,
    decisions,
    work(cluster, index) {
      const number = cluster.places[index] ?? 0;
      const around = aroundEach(cluster)[index] as Surroundings;
      const key = (number * 8 + index) * 128 + bitsOf(around);
      const known = work.get(key);
      if (known) return known;
      const stages = hostWork(decisions, places.thing(number), around, index);
      const fresh = stages.map((stage) => numbered(places, stage));
      work.set(key, fresh);
      return fresh;
    },
    assign(cluster) {
      const { sponsors, formers, term } = cluster;
      const seen = cluster.places.map(viewOf);
      const others = [...sponsors, ...formers].map((index) => index + 1);
      const key = String.fromCharCode(...seen, ...others, term);
      const known = assignments.get(key);
      if (known) return known;
      const classes = classesOf(seen, sponsors, formers);
      const view = { all: placesOf(places, cluster), sponsors, formers, term, classes };
      const fresh = possibleAssignments(decisions.roles, view, policy, chances);
      assignments.set(key, fresh);
      return fresh;
    },
    removesMember(cluster, index) {
      const place = places.thing(cluster.places[index] ?? 0);
      if (place.member === 'none') return false;
      const { sponsorServes } = aroundEach(cluster)[index] as Surroundings;
      return handoverStep(decisions.handover, sponsorServes, place).removesMember;
    },
    verdict: memoised((number: number) => judged(decisions.membership, places.thing(number))),
  };
}

function numbered(places: Places, { place, deeds }: Stage): WorkStage {
  return { number: places.numberOf(place), deeds };
}

/** What the leader sees of a place: the same for places that differ elsewhere. */
function viewNumber(views: Map<string, number>, place: Place): number {
  const { leads, enrolled, chosen, verdict, asked, recorded, wasControlPlane } = place;
  const { said, departure, leaving } = place;
  const judged = [verdict, isUnheard(place)];
  const log = [
    ...[leads, enrolled, chosen, judged, asked, recorded, wasControlPlane],
    ...[said, departure, leaving],
  ];
  const key = JSON.stringify(log);
  const known = views.get(key);
  if (known !== undefined) return known;
  views.set(key, views.size);
  return views.size - 1;
}

/** Whoever sponsors somebody is like nobody else, and so is a machine that was another node once. */
function classesOf(
  seen: readonly number[],
  sponsors: readonly number[],
  formers: readonly number[],
): readonly number[] {
  return seen.map((number, index) => {
    const isUnique = sponsors.includes(index) || formers.includes(index);
    if (isUnique || (formers[index] ?? -1) >= 0) return -1 - index;
    return number * (seen.length + 1) + (sponsors[index] ?? -1) + 1;
  });
}

/** What each node sees of the others. */
function surroundings(places: Places, cluster: Cluster): readonly Surroundings[] {
  const all = placesOf(places, cluster);
  const etcdHasQuorum = hasQuorum(all);
  const serving = all.map((place) => servesApi(place, etcdHasQuorum));
  const owner = all.findIndex(({ recorded }) => recorded?.name === 'init');
  return all.map((_, index) => {
    const sponsor = all[cluster.sponsors[index] ?? -1];
    return {
      etcdHasQuorum,
      reachesOthers: serving.some((serves, other) => serves && other !== index),
      mayLeaveEtcd: mayLeaveEtcd(all, index),
      sponsorServes: etcdHasQuorum && sponsor !== undefined && sponsors(sponsor),
      initTaken: owner !== -1 && owner !== index,
      logAnswers: cluster.logAnswers,
      askedInVain: isAskedInVain(all, index, cluster.term),
    };
  });
}

function bitsOf({
  etcdHasQuorum,
  reachesOthers,
  mayLeaveEtcd: mayLeave,
  askedInVain,
  sponsorServes,
  initTaken,
  logAnswers,
}: Surroundings): number {
  return (
    Number(etcdHasQuorum) +
    Number(reachesOthers) * 2 +
    Number(sponsorServes) * 4 +
    Number(initTaken) * 8 +
    Number(logAnswers) * 16 +
    Number(mayLeave) * 32 +
    Number(askedInVain) * 64
  );
}
