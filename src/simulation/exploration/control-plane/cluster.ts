import { isUp, type Place, type Places } from './place.ts';

/** What may still go wrong, each so many times. */
export interface Faults {
  /** A machine loses its power; it can be switched on again at any time. */
  readonly crashes: number;
  /** A disk is lost with the machine. */
  readonly wipes: number;
  /** An agent is killed between two of its actions; it starts again at once. */
  readonly kills: number;
  /** A kubeadm command fails in any of its phases. */
  readonly failures: number;
  /** The leader is deposed while it acts, and its next write is on its way. */
  readonly depositions: number;
  /** The log loses its quorum for a while. */
  readonly logLosses: number;
  /** A node goes by an old copy of the log. */
  readonly staleCopies: number;
  /** The beats of a node that works are lost for a while. */
  readonly silences: number;
}

/** One state of the cluster. Places by number, so that a state is a few small arrays. */
export interface Cluster {
  readonly places: readonly number[];
  /** Who hands over to whom, both by index; -1 for nobody. */
  readonly sponsors: readonly number[];
  /** Whose machine it was before its disk was lost, by index; -1 for a machine that never was another node. */
  readonly formers: readonly number[];
  /** Of the one write that may be late. */
  readonly lateSponsor: number;
  readonly term: number;
  readonly logAnswers: boolean;
  readonly left: Faults;
}

export function placesOf(places: Places, { places: numbers }: Cluster): readonly Place[] {
  return numbers.map((number) => places.thing(number));
}

/** The cluster with some fields of one place changed. */
export function withPlace(
  places: Places,
  cluster: Cluster,
  index: number,
  change: Partial<Place>,
): Cluster {
  return withNumber(cluster, index, places.changed(cluster.places[index] ?? 0, change));
}

export function withNumber(cluster: Cluster, index: number, number: number): Cluster {
  return { ...cluster, places: cluster.places.with(index, number) };
}

/** The cluster after one more fault of that kind. */
export function spent(cluster: Cluster, fault: keyof Faults): Cluster {
  return { ...cluster, left: { ...cluster.left, [fault]: cluster.left[fault] - 1 } };
}

export function keyOf(cluster: Cluster): string {
  const { places, sponsors, formers, lateSponsor, term, logAnswers, left } = cluster;
  const { crashes, wipes, kills, failures, depositions, logLosses, staleCopies, silences } = left;
  return String.fromCharCode(
    ...places,
    ...sponsors.map((index) => index + 1),
    ...formers.map((index) => index + 1),
    lateSponsor + 1,
    term,
    Number(logAnswers),
    crashes * 10 + wipes,
    kills * 10 + failures,
    depositions * 10 + logLosses,
    staleCopies * 10 + silences,
  );
}

/** Whether this member of etcd runs and votes. */
export function isHealthyVoter(place: Place): boolean {
  return place.member === 'voter' && place.etcdData && isUp(place) && place.parked === 'none';
}

export function voters(all: readonly Place[]): readonly Place[] {
  return all.filter(({ member }) => member === 'voter');
}

/** Whether etcd commits anything. */
export function hasQuorum(all: readonly Place[]): boolean {
  return all.filter(isHealthyVoter).length > voters(all).length / 2;
}

export function servesApi(place: Place, etcdHasQuorum: boolean): boolean {
  return etcdHasQuorum && place.manifests && isHealthyVoter(place);
}

/** etcd's strict reconfiguration check: a majority of the voters who stay must run. */
export function mayLeaveEtcd(all: readonly Place[], index: number): boolean {
  if (!hasQuorum(all)) return false;
  if (all[index]?.member === 'learner') return true;
  const staying = voters(all.filter((_, other) => other !== index));
  return staying.filter(isHealthyVoter).length > staying.length / 2;
}

/** `check-etcd` dials every voter; etcd itself allows one learner (`--max-learners`). */
export function mayAddLearner(all: readonly Place[], place: Place): boolean {
  if (place.member !== 'none') return true;
  const learns = all.some(({ member }) => member === 'learner');
  return !learns && voters(all).every(isHealthyVoter);
}
