import { asLeader } from '../../controllers/roles/projection/as-leader.ts';
import { projectRoles, type RoleProjection } from '../../controllers/roles/projection/project.ts';
import { cancelledBefore } from '../../controllers/upkeep/cancelled-before.ts';
import { planRollout, type RolloutAnswer } from '../../controllers/upkeep/plan-rollout.ts';
import type { ClusterSpec } from '../../state/cluster-spec.ts';
import type { Entry } from '../../state/kinds.ts';
import type { KnownLog } from '../../state/known-log.ts';
import type { SpecChange } from '../../state/spec-difference.ts';

/** The rollout that another spec would lead to. */
export interface RolloutToCome {
  readonly answer: RolloutAnswer;
  /** The rollout of the same aim that people cancelled, so that the answer would not come. */
  readonly cancelled: string | null;
}

/** What another spec would lead to. */
export interface Consequences extends RolloutToCome {
  readonly changes: readonly SpecChange[];
  readonly spec: ClusterSpec;
  readonly roles: RoleProjection;
}

const NO_ROLES: RoleProjection = { steps: [], wait: null };

/** What the leader would make of a spec, by what an agent knows of the log. Pure. */
export function consequencesOf(
  spec: ClusterSpec,
  changes: readonly SpecChange[],
  log: KnownLog,
  wallMs: number,
): Consequences {
  // What changes nothing is no edit, and has the spec stand where it stood.
  const revision = changes.length === 0 ? (log.spec[0]?.revision ?? 0) : log.revision + 1;
  const rollout = rolloutToCome({ value: spec, revision }, log, wallMs);
  return { changes, spec, ...rollout, roles: rolesToCome(spec, log) };
}

/** Of a spec that stands at that revision. Pure. */
export function rolloutToCome(
  spec: Pick<Entry<'spec'>, 'value' | 'revision'>,
  log: KnownLog,
  wallMs: number,
): RolloutToCome {
  const term = Math.max(1, ...log.assignments.map(({ value }) => value.term));
  const answer = planRollout(log, spec, { term, revision: log.revision, wallMs });
  const before =
    answer.type === 'planned' ? cancelledBefore(answer.rollout, log, spec.revision) : undefined;
  return { answer, cancelled: before?.key ?? null };
}

/** Pure. */
export function rolesToCome(spec: ClusterSpec, log: KnownLog): RoleProjection {
  const leading = asLeader(log, spec);
  return leading ? projectRoles(leading) : NO_ROLES;
}
