import type { Assignment } from '../../../state/assignment.ts';
import type { NodeId } from '../../../state/node-id.ts';
import type { Plan } from '../../../state/plan.ts';
import type { Known } from '../known/known.ts';
import { changed } from '../known/maps.ts';
import { moment, nameOf, specOf } from '../known/questions.ts';
import { invariant, type Of } from '../rule.ts';

interface State {
  /** Whom each plan is about. */
  readonly plans: ReadonlyMap<string, NodeId>;
  /** When people last allowed one about a node. */
  readonly allowedMs: ReadonlyMap<NodeId, number>;
}

const initial: State = { plans: new Map(), allowedMs: new Map() };

/** A word about an earlier loss of the same node is none. */
export const askedFirst = invariant({
  id: 'S20',
  title: 'People are asked before a replacement',
  rule: 'With replacement.policy approve, a dead control plane gives its place away only once people approved a plan about it since the log called it dead.',
  hears: ['log.committed'],
  initial,
  step(state, entry, known) {
    const { kind, key, value, atMs } = entry;
    if (value === null) return { state };
    if (kind === 'plan') {
      return { state: { ...state, plans: changed(state.plans, key, (value as Plan).nodeId) } };
    }
    const nodeId = state.plans.get(key);
    if (kind === 'approval' && nodeId !== undefined) {
      return { state: { ...state, allowedMs: changed(state.allowedMs, nodeId, atMs) } };
    }
    const deadMs = diedWhoGoes(entry, known);
    const isAllowed = deadMs === undefined || (state.allowedMs.get(key) ?? 0) >= deadMs;
    const broken = `${nameOf(known, key)} gave its place away at ${moment(atMs)}, and nobody was asked since it died at ${moment(deadMs ?? 0)}`;
    return { state, broken: isAllowed ? undefined : broken };
  },
});

/** When the log called the control plane dead that is let go now, where the spec wants people to be asked. */
function diedWhoGoes({ kind, key, value }: Of<'log.committed'>, known: Known): number | undefined {
  if (kind !== 'assignment') return undefined;
  const { assignment, liveness, request } = known.log;
  const isLetGo =
    (value as Assignment).task === 'retire' &&
    assignment.get(key)?.value.role === 'control-plane' &&
    request.get(key)?.value.type !== 'leave';
  const verdict = liveness.get(key);
  if (!isLetGo || verdict?.value.verdict !== 'dead') return undefined;
  return specOf(known)?.replacement.policy === 'approve' ? verdict.atMs : undefined;
}
