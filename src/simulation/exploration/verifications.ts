import type { Faults } from './control-plane/cluster.ts';
import { clusterInvariants } from './control-plane/invariants.ts';
import type { Policy } from './control-plane/log-view.ts';
import { createPlaces } from './control-plane/place.ts';
import { wholeCluster } from './control-plane/start.ts';
import { type ClusterScope, clusterSystem } from './control-plane/system.ts';
import { type Bounds, type Exploration, explore, type Progress } from './explore.ts';
import { formationInvariants } from './formation/invariants.ts';
import { formationScopes, type NamedScope } from './formation/scopes.ts';
import { formationSystem } from './formation/system.ts';
import { GOAL } from './transition-system.ts';

/** What is asked about one cluster. */
export interface VerificationQuestion extends Policy {
  /** 1 to 5. */
  readonly nodes: number;
  readonly crashes: number;
  /** Further faults, together with the crashes in one more exploration. */
  readonly faults: Partial<Faults>;
}

/** One exploration of that cluster. */
export interface Verification {
  readonly name: string;
  readonly nodes: number;
  /** How often what may fail. */
  readonly faults: Readonly<Record<string, number>>;
  readonly invariants: readonly { readonly id: string; readonly says: string }[];
  /** Present: nobody can explore it to its end; these are about the nearest so many of its states. */
  readonly sampleStates?: number;
  run(bounds: Bounds, onProgress: (progress: Progress) => void): Exploration;
}

/** With more, the old copies alone take minutes. */
const MOST_NODES_OF_OLD_COPIES = 3;

/** Whoever is lost keeps its place: what comes of a join that is cut short is no question of growth. */
const PATIENT: Pick<ClusterScope, 'grace'> = { grace: 'endless' };

const WHOLE = { id: GOAL, says: 'from everywhere a whole cluster can still be reached' };
const FORMED = { id: GOAL, says: 'whoever is left with a quorum still forms' };

/** All that is explored of a cluster of this size and policy, the small before the large. */
export function verifications(question: VerificationQuestion): readonly Verification[] {
  const { nodes, controlPlanes, crashes, faults } = question;
  const anyOther = Object.values(faults).some((count) => count > 0);
  const start = wholeCluster(nodes, controlPlanes);
  const disaster = { crashes: crashes + 2, silences: 1, logLosses: 1 };
  const loss = { crashes: Math.min(crashes, 1), wipes: Math.min(crashes, 1) };
  const late = { depositions: 1, ...(nodes <= MOST_NODES_OF_OLD_COPIES && { staleCopies: 1 }) };
  const growth = (name: string, wrong: Partial<Faults>) => cluster(name, question, wrong, PATIENT);
  const isWholeStart = question.size === undefined || question.size >= nodes;
  return [
    ...formationScopes(nodes, crashes).map(genesis),
    ...(isWholeStart
      ? [
          cluster('a whole cluster', question, disaster, { start, ...PATIENT }),
          cluster('a whole cluster; who is lost is replaced', question, loss, { start }),
        ]
      : []),
    growth('growth; agents and kubeadm fail', { kills: 1, failures: 1 }),
    growth('growth; the log and beats fail', { logLosses: 1, silences: 1 }),
    growth('growth; leaders and copies of the log are late', late),
    growth('growth; machines crash', { crashes }),
    ...(anyOther ? [growth('growth; as asked', { crashes, ...faults })] : []),
  ];
}

function genesis({ name, scope, sampleStates }: NamedScope): Verification {
  const { crashes = 0, losses = 0, duplicates = 0, cuts = [] } = scope;
  const faults = { crashes, losses, duplicates, cuts: cuts.length };
  return {
    name,
    nodes: scope.ballots.length,
    faults: Object.fromEntries(Object.entries(faults).filter(([, count]) => count > 0)),
    invariants: [...formationInvariants.map(idAndMeaning), FORMED],
    ...(sampleStates !== undefined && { sampleStates }),
    run(bounds, onProgress) {
      const { states = Number.POSITIVE_INFINITY } = bounds;
      const fewer = { ...bounds, states: Math.min(states, sampleStates ?? states) };
      return explore(formationSystem(scope), fewer, onProgress);
    },
  };
}

/**
 * What holds for nodes that are all alike holds for any order of their ids. What does not may rest on
 * an order that changed on the way, so it is looked at again with one that stands.
 */
function cluster(
  name: string,
  { nodes, controlPlanes, size }: VerificationQuestion,
  faults: Partial<Faults>,
  more: Partial<ClusterScope> = {},
): Verification {
  const scope: ClusterScope = { nodes, controlPlanes, size, faults, ...more };
  return {
    name,
    nodes,
    faults,
    invariants: [...clusterInvariants(createPlaces()).map(idAndMeaning), WHOLE],
    run(bounds, onProgress) {
      const abstract = explore(clusterSystem({ ...scope, ids: 'open' }), bounds, onProgress);
      if (!abstract.counterexample) return abstract;
      return explore(clusterSystem({ ...scope, ids: 'fixed' }), bounds, onProgress);
    },
  };
}

function idAndMeaning({ id, says }: { readonly id: string; readonly says: string }) {
  return { id, says };
}
