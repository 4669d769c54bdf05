import { GOAL, type TransitionSystem } from '../transition-system.ts';
import { type Cluster, type Faults, keyOf, placesOf } from './cluster.ts';
import { agentDecisions, type Decisions } from './decisions.ts';
import type { Deed } from './deed.ts';
import { faultMoves } from './fault-moves.ts';
import { forgetful } from './forget.ts';
import { clusterInvariants } from './invariants.ts';
import type { Chances } from './leader.ts';
import type { Policy } from './log-view.ts';
import { createModel } from './model.ts';
import { moves } from './moves.ts';
import { createPlaces } from './place.ts';
import { canonical, unchanged } from './rename.ts';
import { type ClusterStart, emptyMachines } from './start.ts';
import { isWhole } from './whole.ts';

export interface ClusterScope extends Policy {
  readonly nodes: number;
  readonly faults: Partial<Faults>;
  /** Default: open. */
  readonly ids?: Chances['ids'];
  /** Default: ends. */
  readonly grace?: Chances['grace'];
  /** A cluster to begin with, by default machines that were never started. */
  readonly start?: ClusterStart;
  readonly decisions?: Decisions;
  /** Ids of the invariants to test, and `goal`; by default all. */
  readonly only?: readonly string[];
}

const NO_FAULTS: Faults = {
  crashes: 0,
  wipes: 0,
  kills: 0,
  failures: 0,
  depositions: 0,
  logLosses: 0,
  staleCopies: 0,
  silences: 0,
};

/**
 * Changes of the control plane: the pure decisions of the agents over a world of machines, etcd
 * members, kubeadm commands and a log. Nothing has a duration: whatever may happen may happen next.
 */
export function clusterSystem(scope: ClusterScope): TransitionSystem<Cluster, Deed> {
  const {
    nodes,
    controlPlanes,
    size,
    faults,
    ids = 'open',
    grace = 'ends',
    decisions = agentDecisions,
    only,
  } = scope;
  const places = createPlaces();
  const model = createModel(places, decisions, { controlPlanes, size }, { ids, grace });
  const start = scope.start ?? emptyMachines(nodes);
  const forget = forgetful(places);
  const renamed = ids === 'open' ? canonical : unchanged;
  const isAsked = (id: string) => only?.includes(id) ?? true;
  return {
    nodes: start.places.map((_, index) => `n${index + 1}`),
    initial: {
      places: start.places.map((place) => places.numberOf(place)),
      sponsors: start.sponsors,
      formers: start.places.map(() => -1),
      lateSponsor: -1,
      term: start.term,
      logAnswers: true,
      left: { ...NO_FAULTS, ...faults },
    },
    invariants: clusterInvariants(places).filter(({ id }) => isAsked(id)),
    successors: (cluster) => [...moves(model, cluster), ...faultMoves(model, cluster)],
    canonical: (cluster) => renamed(forget(cluster)),
    key: keyOf,
    ...(isAsked(GOAL) && {
      isGoal: (cluster: Cluster) => isWhole(placesOf(places, cluster), { controlPlanes, size }),
    }),
  };
}
