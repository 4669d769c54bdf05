import type { Canonical } from '../transition-system.ts';
import type { Cluster } from './cluster.ts';

/**
 * The same cluster with its places in order. Nodes differ in nothing but what their places say:
 * the order of ids, which breaks ties, is left open (`Chances`). Two states that could be
 * renamed into each other but are not cost a visit each, and nothing else.
 */
export function canonical(cluster: Cluster): Canonical<Cluster> {
  const { places, sponsors, formers } = cluster;
  const placeOf = (index: number | undefined) =>
    index === undefined || index < 0 ? -1 : (places[index] ?? -1);
  const sponsored = places.map(
    (_, index) => sponsors.filter((sponsor) => sponsor === index).length,
  );
  const by = (a: number, b: number) =>
    placeOf(a) - placeOf(b) ||
    placeOf(sponsors[a]) - placeOf(sponsors[b]) ||
    placeOf(formers[a]) - placeOf(formers[b]) ||
    (sponsored[a] ?? 0) - (sponsored[b] ?? 0) ||
    a - b;
  const order = places.map((_, index) => index).sort(by);
  if (order.every((from, to) => from === to)) return { state: cluster, order };

  const to = (index: number) => (index < 0 ? -1 : order.indexOf(index));
  return {
    order,
    state: {
      ...cluster,
      places: order.map((from) => places[from] ?? 0),
      sponsors: order.map((from) => to(sponsors[from] ?? -1)),
      formers: order.map((from) => to(formers[from] ?? -1)),
      lateSponsor: to(cluster.lateSponsor),
    },
  };
}

/** For nodes that are not interchangeable. */
export function unchanged(cluster: Cluster): Canonical<Cluster> {
  return { state: cluster, order: cluster.places.map((_, index) => index) };
}
