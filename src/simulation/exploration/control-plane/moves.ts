import { booted, givenBack } from './boot.ts';
import { type Cluster, mayLeaveEtcd, placesOf, withNumber, withPlace } from './cluster.ts';
import { nextPhase } from './command-progress.ts';
import { departureMoves } from './departure-moves.ts';
import type { Given } from './leader.ts';
import { carriedOut, leaderMoves } from './leader-moves.ts';
import type { ClusterStep, Model } from './model.ts';
import { to } from './move.ts';
import { isUp, type Place } from './place.ts';

/** Everything that the agents, kubeadm and people do when nothing fails. */
export function moves(model: Model, cluster: Cluster): readonly ClusterStep[] {
  const all = placesOf(model.places, cluster);
  return [
    ...all.flatMap((place, index) => [
      ...hostMoves(model, cluster, all, place, index),
      ...sponsorMoves(model, cluster, all, index),
      ...departureMoves(model, cluster, all, index),
      ...recoveries(model, cluster, all, index),
    ]),
    ...leaderMoves(model, cluster, all),
    ...logMoves(cluster),
  ];
}

function hostMoves(
  model: Model,
  cluster: Cluster,
  all: readonly Place[],
  place: Place,
  index: number,
): readonly ClusterStep[] {
  if (!isUp(place)) return [];
  if (!place.enrolled) return cluster.logAnswers ? [enrolment(model, cluster, index)] : [];
  const phase = nextPhase(all, index);
  const worked = model.work(cluster, index).at(-1);
  return [
    ...unparking(model, cluster, all, index),
    ...(phase ? [to(model, cluster, index, `: ${phase.name}`, phase.change)] : []),
    ...(worked
      ? [
          {
            name: `#${index} works on its assignment`,
            next: withNumber(cluster, index, worked.number),
            deeds: worked.deeds,
          },
        ]
      : []),
  ];
}

function unparking(
  model: Model,
  cluster: Cluster,
  all: readonly Place[],
  index: number,
): readonly ClusterStep[] {
  const back = givenBack(model.decisions.bootFence, cluster, all, index);
  if (!back) return [];
  const step = to(model, cluster, index, 'gets back what was parked', back.change);
  return [{ ...step, deeds: [{ type: 'give-back', place: index, isSynced: back.isSynced }] }];
}

/** Before the keys are handed over once more, what is left of the last attempt goes. */
function sponsorMoves(
  model: Model,
  cluster: Cluster,
  all: readonly Place[],
  index: number,
): readonly ClusterStep[] {
  if (!mayLeaveEtcd(all, index) || !model.removesMember(cluster, index)) return [];
  const next = withPlace(model.places, cluster, index, { member: 'none' });
  const name = `the sponsor of #${index} removes what its last attempt left in etcd`;
  return [{ name, next, deeds: [{ type: 'remove', place: index }] }];
}

/** Together with the first status, without which nobody is given anything. */
function enrolment(model: Model, cluster: Cluster, index: number): ClusterStep {
  const next = withPlace(model.places, cluster, index, { enrolled: true });
  const worked = model.work(next, index).at(-1);
  const name = `#${index} enrols`;
  return { name, next: worked ? withNumber(next, index, worked.number) : next, deeds: [] };
}

/** What makes good again what a fault broke; whatever broke may be mended at any time. */
function recoveries(
  model: Model,
  cluster: Cluster,
  all: readonly Place[],
  index: number,
): readonly ClusterStep[] {
  const place = all[index] as Place;
  const { power, copy, late } = place;
  return [
    ...(power === 'off' ? [to(model, cluster, index, 'is switched on', booted(all, index))] : []),
    ...(power === 'silent' ? [to(model, cluster, index, 'is heard again', { power: 'on' })] : []),
    ...(copy && copy.state !== 'kept' && cluster.logAnswers && isUp(place)
      ? [to(model, cluster, index, 'has the newest log again', { copy: null })]
      : []),
    ...(late && cluster.logAnswers ? [land(model, cluster, place, index)] : []),
  ];
}

function land(model: Model, cluster: Cluster, { late, asked }: Place, index: number): ClusterStep {
  const name = `the late assignment of #${index} arrives`;
  const cleared = { ...withPlace(model.places, cluster, index, { late: null }), lateSponsor: -1 };
  const present = asked ? `${asked.name}/${asked.term}` : '';
  if (!late || late.expected !== present) return { name, next: cleared, deeds: [] };
  const isDeposed = late.asked.term < cluster.term;
  const given: Given = {
    place: index,
    asked: { ...late.asked, ...(isDeposed && { lateIn: cluster.term }) },
    sponsor: cluster.lateSponsor,
  };
  return {
    name,
    next: carriedOut(model, cleared, given),
    deeds: [{ type: 'assign', place: index, asked: given.asked, late: true }],
  };
}

function logMoves(cluster: Cluster): readonly ClusterStep[] {
  if (cluster.logAnswers) return [];
  const name = 'the log has its quorum again';
  return [{ name, next: { ...cluster, logAnswers: true }, deeds: [] }];
}
