import type { Guard } from '../../state/decision-event.ts';
import { isOver, isRenewable } from '../../state/leaf-life.ts';
import type { Rollout } from '../../state/rollout.ts';
import type { WaitReason } from '../../state/status.ts';
import type { Action } from './action.ts';
import type { Advance } from './advanced.ts';
import { cancelledBefore, haveSameAim } from './cancelled-before.ts';
import {
  closedBy,
  everyoneReachable,
  grownUp,
  noneInTrouble,
  oneChange,
} from './cluster-guards.ts';
import { windowOpen } from './people-guards.ts';
import { BY_URGENCY, planRollout } from './plan-rollout.ts';
import type { World } from './world.ts';

/** Longer than any host leaves its certificates unlooked at. */
const GATHERED_AFTER_MS = 45_000;
/** A plan that comes later than that may come too late. */
const URGENT_BEFORE_END_MS = 15 * 60_000;

interface Planned {
  readonly actions: readonly Action[];
  readonly wait: WaitReason | undefined;
}

/**
 * The next rollout. One at a time, but that certificates do not wait for an upgrade that is paused or
 * has not begun, nor the other way round.
 */
export function planNext(advances: readonly Advance[], world: World): Planned {
  const { observed, term, spec, specRevision } = world;
  const { revision, wallMs } = observed;
  const open = openActions(advances);
  const wanted = { value: spec, revision: specRevision };
  const answer = planRollout(observed, wanted, { term, revision, wallMs }, open);
  if (answer.type === 'nothing') return { actions: [], wait: undefined };
  if (answer.type === 'wait') return { actions: [], wait: answer.wait };

  const { rollout } = answer;
  const guards = [
    cancelled(rollout, world),
    unheeded(rollout, world),
    oneChange(world),
    rollout.action === 'renew-certificates' ? clockAgrees(world) : grownUp(world),
    everyoneReachable(world),
    noneInTrouble(world),
    ...(rollout.action === 'renew-certificates'
      ? [gathered(world), windowOpen(rollout, world)]
      : []),
  ];
  const closed = closedBy(guards);
  if (closed) {
    const message = `${rollout.summary}: ${closed.message}`;
    return { actions: [], wait: { reason: closed.name, message } };
  }
  const reasons = {
    action: 'plan-rollout',
    summary: `${rollout.planId} is planned: ${rollout.summary}`,
    guards,
    rejected: [],
  };
  return { actions: [{ type: 'plan', rollout, reasons }], wait: undefined };
}

function openActions(advances: readonly Advance[]): readonly Rollout['action'][] {
  if (advances.length === 0) return BY_URGENCY;
  // What has just ended is looked at once more before anything follows it.
  const isOpen = advances.every(({ next: { state } }) => state === 'paused' || state === 'waiting');
  const areRenewals = advances.map(({ rollout }) => rollout.action === 'renew-certificates');
  if (!isOpen || (areRenewals.includes(true) && areRenewals.includes(false))) return [];
  const renewal = 'renew-certificates' as const;
  return areRenewals.includes(true) ? BY_URGENCY.filter((each) => each !== renewal) : [renewal];
}

/** A clock that is a year ahead would have every certificate renewed (S22). */
function clockAgrees({ observed: { clockTrouble } }: World): Guard {
  const message = clockTrouble ?? 'the clocks of the nodes agree';
  return { name: 'clock', passed: clockTrouble === undefined, message };
}

/** What all hosts have in common each of them tells at its next look: that is one plan. */
function gathered({ observed, nodes }: World): Guard {
  const { certificatesToldForMs, wallMs } = observed;
  const leaves = nodes.flatMap(({ certificates }) => certificates?.leaves ?? []);
  const isUrgent = leaves.some(
    (leaf) => isRenewable(leaf) && isOver(leaf, wallMs + URGENT_BEFORE_END_MS),
  );
  const passed = isUrgent || certificatesToldForMs >= GATHERED_AFTER_MS;
  const message = passed
    ? 'every node had time to tell of its certificates'
    : 'a node told of its certificates a moment ago, and others may be about to';
  return { name: 'gathering', passed, message };
}

/** What people cancelled stays so until they edit the spec. */
function cancelled(wanted: Rollout, { observed, specRevision }: World): Guard {
  const before = cancelledBefore(wanted, observed, specRevision);
  const message = before
    ? `people cancelled ${before.key}: edit the spec to ask anew`
    : 'people did not cancel the same before';
  return { name: 'cancelled', passed: before === undefined, message };
}

/** Nodes that did as the same plan asked, and report something else: asking again would not help. */
function unheeded(wanted: Rollout, { observed }: World): Guard {
  const before = observed.rollouts.filter(
    ({ value }) => value.action === 'reconfigure' && haveSameAim(value, wanted),
  );
  const did = before.flatMap(({ key, value }) => {
    const progress = observed.progresses.find((each) => each.key === key)?.value;
    const done = progress?.steps.filter(({ outcome }) => outcome === 'done') ?? [];
    return done.flatMap(({ index }) => value.steps[index]?.nodeId ?? []);
  });
  const names = wanted.steps.map(({ hostname }) => hostname).join(', ');
  const passed = !wanted.steps.every(({ nodeId }) => did.includes(nodeId));
  const message = passed
    ? 'not every node was brought to the same before'
    : `${names} took up the configuration of the spec and tells of another one: see its agent's log`;
  return { name: 'failed-before', passed, message };
}
