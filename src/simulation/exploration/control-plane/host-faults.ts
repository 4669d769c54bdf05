import { type Cluster, spent, withNumber } from './cluster.ts';
import { nextPhase } from './command-progress.ts';
import { isInPlace } from './in-place.ts';
import type { ClusterStep, Model } from './model.ts';
import { to } from './move.ts';
import { isUp, NEW_PLACE, type Place } from './place.ts';

/** A command that waits for others ends by itself after minutes: tried so often without any fault. */
const FREE_TIME_OUTS = 1;

/** What may fail on the machine at `index`: itself, its agent, the command it runs. */
export function hostFaults(
  model: Model,
  cluster: Cluster,
  all: readonly Place[],
  index: number,
): readonly ClusterStep[] {
  const place = all[index];
  if (!place) return [];
  return [
    ...machineFaults(model, cluster, place, index),
    ...agentFaults(model, cluster, place, index),
    ...commandFaults(model, cluster, all, index),
  ];
}

function machineFaults(
  model: Model,
  cluster: Cluster,
  place: Place,
  index: number,
): readonly ClusterStep[] {
  const { left } = cluster;
  const steps: ClusterStep[] = [];
  // A machine that has not enrolled yet does nothing that a crash could end.
  if (left.crashes > 0 && isUp(place) && place.enrolled) {
    const next = spent(cluster, 'crashes');
    steps.push(to(model, next, index, 'loses its power', withoutPower(place)));
  }
  if (left.wipes > 0 && place.power === 'off') {
    const next = spent(cluster, 'wipes');
    steps.push(
      asAnotherNode(model, to(model, next, index, 'loses its disk', withoutDisk()), index),
    );
  }
  if (left.silences > 0 && place.power === 'on' && place.enrolled) {
    const next = spent(cluster, 'silences');
    steps.push(to(model, next, index, 'is not heard any more', { power: 'silent' }));
  }
  return steps;
}

/** A command that runs is gone after the boot, whatever it left, and so is an announcement; see also `broken`. */
function withoutPower(place: Place): Partial<Place> {
  const isResetting = place.reset === 'running' || place.reset === 'left';
  return {
    power: 'off',
    leads: false,
    ...(place.kubeadm === 'announced' ? { kubeadm: 'absent' } : {}),
    ...(place.kubeadm === 'running' ? broken(place, 'absent') : {}),
    ...(isInPlace(place) ? { kubeadm: 'absent', phase: 0 } : {}),
    ...(isResetting ? { reset: 'absent' } : {}),
  };
}

function broken(place: Place, kubeadm: 'absent' | 'failed'): Partial<Place> {
  const keys = place.keys || place.recorded?.task === 'join-worker';
  return { kubeadm, phase: 0, keys };
}

function withoutDisk(): Partial<Place> {
  const { marker, keys, manifests, etcdData, registered, parked } = NEW_PLACE;
  const { kubeadm, reset, phase } = NEW_PLACE;
  const empty = { marker, keys, manifests, etcdData, registered, parked, kubeadm, reset, phase };
  return { ...empty, power: 'gone', copy: null };
}

/** The machine comes back whenever it likes, and knows nothing. */
function asAnotherNode({ places }: Model, step: ClusterStep, index: number): ClusterStep {
  const { next } = step;
  return {
    ...step,
    next: {
      ...next,
      places: [...next.places, places.numberOf(NEW_PLACE)],
      sponsors: [...next.sponsors, -1],
      formers: [...next.formers, index],
    },
  };
}

function agentFaults(
  model: Model,
  cluster: Cluster,
  place: Place,
  index: number,
): readonly ClusterStep[] {
  if (!isUp(place) || !place.enrolled) return [];
  return [...interruptions(model, cluster, index), ...oldCopies(model, cluster, place, index)];
}

/** The agent is killed on the way, or the log loses its quorum: the rest of the work is not done. */
function interruptions(model: Model, cluster: Cluster, index: number): readonly ClusterStep[] {
  const { left, logAnswers } = cluster;
  if (left.kills === 0 && left.logLosses === 0) return [];
  const unfinished = model.work(cluster, index).slice(0, -1);
  const stopped = (next: Cluster, what: string) =>
    unfinished.map(({ number, deeds }, done) => ({
      name: `${what} after action ${done + 1} of the work of #${index}`,
      next: withNumber(next, index, number),
      deeds,
    }));
  return [
    ...(left.kills > 0 ? stopped(spent(cluster, 'kills'), 'the agent is killed') : []),
    ...(left.logLosses > 0 && logAnswers
      ? stopped({ ...spent(cluster, 'logLosses'), logAnswers: false }, 'the log loses its quorum')
      : []),
  ];
}

function oldCopies(
  model: Model,
  cluster: Cluster,
  { asked, recorded, copy }: Place,
  index: number,
): readonly ClusterStep[] {
  if (cluster.left.staleCopies === 0 || copy || !asked) return [];
  const next = spent(cluster, 'staleCopies');
  const kept = { asked, recorded, state: 'kept' } as const;
  return [
    to(model, next, index, 'writes its copy of the log for the last time', { copy: kept }),
    to(model, next, index, 'gets no news of the log', { copy: { ...kept, state: 'behind' } }),
  ];
}

function commandFaults(
  model: Model,
  cluster: Cluster,
  all: readonly Place[],
  index: number,
): readonly ClusterStep[] {
  const place = all[index];
  if (place?.kubeadm !== 'running' || !isUp(place)) return [];
  const change = broken(place, 'failed');
  if (cluster.left.failures > 0) {
    return [to(model, spent(cluster, 'failures'), index, ': kubeadm fails', change)];
  }
  const isFree = (place.recorded?.progress.failures ?? 0) < FREE_TIME_OUTS;
  if (!isFree || nextPhase(all, index)) return [];
  return [to(model, cluster, index, ': kubeadm waits in vain and fails', change)];
}
