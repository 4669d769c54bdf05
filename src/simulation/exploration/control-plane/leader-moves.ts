import { type Cluster, withPlace } from './cluster.ts';
import type { Given } from './leader.ts';
import type { ClusterStep, Model } from './model.ts';
import { isUp, type Place } from './place.ts';

/** What leads the cluster on: somebody takes the lead, judges the others, gives them their roles. */
export function leaderMoves(
  model: Model,
  cluster: Cluster,
  all: readonly Place[],
): readonly ClusterStep[] {
  if (!cluster.logAnswers) return [];
  const leader = all.findIndex(({ leads }) => leads);
  if (leader === -1) {
    return all.flatMap((place, index) => {
      if (!isUp(place) || !place.enrolled) return [];
      const next = withPlace(model.places, cluster, index, { leads: true });
      const term = cluster.term + 1;
      return [{ name: `#${index} becomes leader`, next: { ...next, term }, deeds: [] }];
    });
  }
  return [
    ...judge(model, cluster, leader),
    ...model.assign(cluster).map((givens) => ({
      name: `leader #${leader} gives ${givens.map(described).join(', ')}`,
      next: givens.reduce((next, given) => carriedOut(model, next, given), cluster),
      deeds: givens.map(
        ({ place, asked }) => ({ type: 'assign', place, asked, late: false }) as const,
      ),
    })),
  ];
}

function judge(model: Model, cluster: Cluster, leader: number): readonly ClusterStep[] {
  const numbers = cluster.places.map((number) => {
    const place = model.places.thing(number);
    const verdict = place.enrolled ? model.verdict(number) : place.verdict;
    return verdict === place.verdict ? number : model.places.changed(number, { verdict });
  });
  const changed = numbers.flatMap((number, index) => {
    if (number === cluster.places[index]) return [];
    return [`#${index} ${model.places.thing(number).verdict}`];
  });
  if (changed.length === 0) return [];
  const name = `leader #${leader} finds ${changed.join(', ')}`;
  return [{ name, next: { ...cluster, places: numbers }, deeds: [] }];
}

/** The cluster with an assignment in its log. Once somebody founds, no choice of genesis matters. */
export function carriedOut(model: Model, cluster: Cluster, { place, asked, sponsor }: Given) {
  const before = model.places.thing(cluster.places[place] ?? 0);
  // What was said of another departure is nothing of this one.
  const isSame = before.asked?.name === asked.name;
  const departure = isSame ? before.departure : 'none';
  const next = withPlace(model.places, cluster, place, { asked, departure });
  const chosen = next.places.findIndex((number) => model.places.thing(number).chosen);
  const told = chosen === -1 ? next : withPlace(model.places, next, chosen, { chosen: false });
  return { ...told, sponsors: told.sponsors.with(place, sponsor) };
}

export function described({ place, asked, sponsor }: Given): string {
  const by = sponsor === -1 ? '' : ` by #${sponsor}`;
  return `#${place} ${asked.task}${by}`;
}
