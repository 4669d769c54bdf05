import { datedWait } from '../../state/dated-wait.ts';
import { lookAgain, type Requeue } from '../../state/requeue.ts';
import { sameValue } from '../../state/same-value.ts';
import { NO_PARTS, type StandBy as Told, type Upkeep } from '../../state/upkeep.ts';
import type { Action } from './action.ts';
import { warmUnits } from './commands.ts';
import { type Course, wait } from './course.ts';
import { type ArrivalAction, bring, forgetImageUnits } from './decide-prepare.ts';
import type { Observed, StandBy } from './observed.ts';

/** kubeadm asks for one image after another, and gives way to whatever else this host does. */
const GIVES_WAY = ['/usr/bin/nice', '-n', '19'];

/**
 * What makes a node that stands by ready for a role: programs and images of the release in force, and no
 * key. That it begins is told first; what has come is not looked at again.
 */
export function keepWarm(observed: Observed, standBy: StandBy): readonly (Action | Requeue)[] {
  const { synced, reported, incarnation } = observed;
  if (!synced) return [];
  const before = reported?.value.incarnation === incarnation ? reported.value : undefined;
  const course = courseOf(standBy);
  if (course) {
    const told = tell(observed, before, standByOf(observed, standBy, course));
    return [...told, ...course.actions, ...lookAgain(course)];
  }
  const { operationId, kubernetesVersion, sight } = standBy;
  const forget = sight ? forgetImageUnits(warmUnits(operationId, kubernetesVersion)) : [];
  return [...forget, ...tell(observed, before, standByOf(observed, standBy, undefined))];
}

/** A node that got a role, or is to leave, in the middle of it: what is left of that is taken away once. */
export function endWarming({ synced, reported, incarnation }: Observed): readonly Action[] {
  if (!synced || reported?.value.incarnation !== incarnation) return [];
  const { standBy, ...upkeep } = reported.value;
  if (standBy?.state !== 'warming') return [];
  return [
    ...forgetImageUnits(warmUnits(standBy.operationId, standBy.kubernetesVersion)),
    { type: 'report', upkeep, ifRevision: reported.revision },
  ];
}

/** Undefined once all is there. */
function courseOf({
  operationId,
  kubernetesVersion,
  heldBy,
  sight,
}: StandBy): Course<ArrivalAction> | undefined {
  if (heldBy !== null) {
    const message = `it is made ready for a role once all control planes run the same release: ${heldBy} is under way`;
    return wait('waits for the rollout', { reason: 'rollout', message });
  }
  const units = warmUnits(operationId, kubernetesVersion);
  return sight && bring({ kubernetesVersion, units, through: GIVES_WAY, sight });
}

function standByOf(
  { reported, wallMs }: Observed,
  { operationId, kubernetesVersion }: StandBy,
  course: Course<ArrivalAction> | undefined,
): Told {
  const before = reported?.value.standBy;
  const same = before?.operationId === operationId ? before.waiting : undefined;
  const state = course ? 'warming' : 'warm';
  return {
    operationId,
    kubernetesVersion,
    state,
    waiting: datedWait(course?.waiting, same, wallMs),
  };
}

function tell(
  { nodeId, incarnation, reported }: Observed,
  before: Upkeep | undefined,
  standBy: Told,
): readonly Action[] {
  const upkeep: Upkeep = {
    nodeId,
    incarnation,
    parts: NO_PARTS,
    prepared: before?.prepared ?? [],
    configurationDigest: null,
    work: before?.work ?? null,
    standBy,
  };
  if (sameValue(upkeep, reported?.value)) return [];
  return [{ type: 'report', upkeep, ifRevision: reported?.revision ?? 0 }];
}
