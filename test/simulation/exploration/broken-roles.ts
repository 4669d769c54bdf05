import { decide, type Observed } from '../../../src/controllers/roles/decide.ts';
import type { Assignment } from '../../../src/state/assignment.ts';
import type { ClusterSpec } from '../../../src/state/cluster-spec.ts';
import { isDeparture } from '../../../src/state/departure.ts';
import { entry, id, liveness, node, served, status } from '../../support/controllers-entries.ts';

type Roles = typeof decide;

/** The last letter there is: a node that comes after all others. */
const GHOST = 26;

/** The real thing, deceived about one fact: what it would do without the guard that reads it. */
function blindTo(deceive: (observed: Observed) => Observed): Roles {
  return (observed) => decide(deceive(observed));
}

export const ownInit: Roles = (observed) =>
  decide(observed).map((action) => {
    if (action.type !== 'assign' || action.assignment.task !== 'init') return action;
    const operationId = `init-${action.assignment.nodeId}`;
    return { ...action, assignment: { ...action.assignment, operationId } };
  });

export const anyInit: Roles = (observed) => {
  const assignments = observed.assignments.filter(({ value }) => value.task !== 'init');
  return ownInit({ ...observed, assignments, operations: [] });
};

export const allSeemInTime: Roles = blindTo((observed) => {
  const assignments = observed.assignments.map((each) => ({ ...each, revision: each.value.term }));
  return { ...observed, assignments };
});

export const allSeemToServe: Roles = blindTo((observed) => {
  const asked = observed.assignments
    .map(({ value }) => value)
    .filter(({ task }) => task !== 'init');
  const isAsked = (key: string) => asked.some(({ nodeId }: Assignment) => nodeId === key);
  const others = observed.statuses.filter(({ key }) => !isAsked(key));
  return {
    ...observed,
    statuses: [...others, ...asked.map((each) => entry('status', served(each)))],
  };
});

export const allSeemAlive: Roles = blindTo((observed) => {
  const livenesses = observed.livenesses.map(({ value, ...rest }) => {
    return { ...rest, value: { ...value, verdict: 'alive' as const } };
  });
  return { ...observed, livenesses };
});

export const deadSeemNoVoters: Roles = blindTo(({ statuses, ...observed }) => {
  const isDead = (nodeId: string) =>
    observed.livenesses.some(({ value }) => value.nodeId === nodeId && value.verdict === 'dead');
  return {
    ...observed,
    statuses: statuses.map((each) => {
      if (!isDead(each.key)) return each;
      const kubernetes = { ...each.value.kubernetes, etcdMember: 'none' as const };
      return { ...each, value: { ...each.value, kubernetes } };
    }),
  };
});

export const allSeemDeparted: Roles = blindTo((observed) => {
  const leaving = observed.assignments.filter(({ value }) => isDeparture(value.task));
  const departures = leaving.map(({ value }) => {
    const { nodeId, incarnation, operationId } = value;
    const departure = { nodeId, incarnation, operationId, by: nodeId, waiting: null };
    return entry('departure', { ...departure, state: 'done' as const });
  });
  return { ...observed, departures };
});

/** Nobody seems to have begun anything but what it is asked for now. */
export const nobodyBeganBefore: Roles = blindTo((observed) => {
  const asked = new Set(observed.assignments.map(({ value }) => value.operationId));
  return { ...observed, operations: observed.operations.filter(({ key }) => asked.has(key)) };
});

/** One more free node seems to be there; what it is given is dropped. */
export const withGhost: Roles = ({ nodes, livenesses, statuses, ...observed }) => {
  const decided = decide({
    ...observed,
    nodes: [...nodes, entry('node', node(GHOST))],
    livenesses: [...livenesses, entry('liveness', liveness(GHOST))],
    statuses: [...statuses, entry('status', status(GHOST))],
  });
  return decided.filter(
    (action) => action.type !== 'assign' || action.assignment.nodeId !== id(GHOST),
  );
};

export function forPolicy(wrong: Partial<ClusterSpec>): Roles {
  return blindTo(({ spec, ...observed }) => ({ ...observed, spec: spec && { ...spec, ...wrong } }));
}
