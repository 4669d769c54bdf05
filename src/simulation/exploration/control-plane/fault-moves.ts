import { type Cluster, placesOf, spent, withPlace } from './cluster.ts';
import { hostFaults } from './host-faults.ts';
import type { Given } from './leader.ts';
import { carriedOut, described } from './leader-moves.ts';
import type { ClusterStep, Model } from './model.ts';
import type { Place } from './place.ts';

/** Everything that may fail now, for as long as the scope lets it. */
export function faultMoves(model: Model, cluster: Cluster): readonly ClusterStep[] {
  const all = placesOf(model.places, cluster);
  return [
    ...all.flatMap((_, index) => hostFaults(model, cluster, all, index)),
    ...depositions(model, cluster, all),
    ...logFaults(cluster),
  ];
}

/** The leader stops between two assignments, and the next one is already on its way. */
function depositions(
  model: Model,
  cluster: Cluster,
  all: readonly Place[],
): readonly ClusterStep[] {
  const leader = all.findIndex(({ leads }) => leads);
  if (cluster.left.depositions === 0 || leader === -1 || !cluster.logAnswers) return [];
  const deposed = withPlace(model.places, spent(cluster, 'depositions'), leader, { leads: false });
  const plain = { name: `leader #${leader} is deposed`, next: deposed, deeds: [] };
  // The state has room for one late write.
  if (all.some(({ late }) => late !== null)) return [plain];
  return [
    plain,
    ...model
      .assign(cluster)
      .flatMap((givens) =>
        givens.map((late, at) => stopped(model, deposed, leader, givens, late, at)),
      ),
  ];
}

function stopped(
  model: Model,
  deposed: Cluster,
  leader: number,
  givens: readonly Given[],
  late: Given,
  at: number,
): ClusterStep {
  const done = givens.slice(0, at);
  const next = done.reduce((state, given) => carriedOut(model, state, given), deposed);
  const { asked } = model.places.thing(next.places[late.place] ?? 0);
  const expected = asked ? `${asked.name}/${asked.term}` : '';
  const written = withPlace(model.places, next, late.place, {
    late: { asked: late.asked, expected },
  });
  const gave = done.length === 0 ? '' : ` after it gave ${done.map(described).join(', ')}`;
  return {
    name: `leader #${leader} is deposed${gave}, while it gives ${described(late)}`,
    next: { ...written, lateSponsor: late.sponsor },
    deeds: done.map(({ place, asked: given }) => ({
      type: 'assign',
      place,
      asked: given,
      late: false,
    })),
  };
}

function logFaults(cluster: Cluster): readonly ClusterStep[] {
  if (cluster.left.logLosses === 0 || !cluster.logAnswers) return [];
  const next = { ...spent(cluster, 'logLosses'), logAnswers: false };
  return [{ name: 'the log loses its quorum', next, deeds: [] }];
}
