import type { Guard } from '../../state/decision-event.ts';
import type { Rollout } from '../../state/rollout.ts';
import type { WaitReason } from '../../state/status.ts';
import type { Action } from './action.ts';
import type { Advance } from './advanced.ts';
import {
  closedBy,
  everyoneReachable,
  grownUp,
  noneInTrouble,
  oneChange,
} from './cluster-guards.ts';
import { BY_URGENCY, planRollout } from './plan-rollout.ts';
import type { World } from './world.ts';

interface Planned {
  readonly actions: readonly Action[];
  readonly wait: WaitReason | undefined;
}

/**
 * The next rollout. One at a time, but that certificates do not wait for an upgrade that is paused or
 * has not begun.
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
  const isOpen = advances.every(
    ({ rollout, next: { state } }) =>
      rollout.action !== 'renew-certificates' && (state === 'paused' || state === 'waiting'),
  );
  return isOpen ? ['renew-certificates'] : [];
}

/** A clock that is a year ahead would have every certificate renewed (S22). */
function clockAgrees({ observed: { clockTrouble } }: World): Guard {
  const message = clockTrouble ?? 'the clocks of the nodes agree';
  return { name: 'clock', passed: clockTrouble === undefined, message };
}

/** What people cancelled stays so until they edit the spec. */
function cancelled(wanted: Rollout, { observed, specRevision }: World): Guard {
  const same = observed.rollouts
    .filter(({ value }) => value.action === wanted.action)
    .toSorted((a, b) => a.revision - b.revision)
    .at(-1);
  const hold = observed.holds.find(({ key }) => key === same?.key);
  const stands = hold?.value.word === 'cancel' && hold.revision > specRevision;
  const passed = !stands || !same || !haveSameAim(same.value, wanted);
  const message = passed
    ? 'people did not cancel the same before'
    : `people cancelled ${same.key}: edit the spec to ask anew`;
  return { name: 'cancelled', passed, message };
}

function haveSameAim(left: Rollout, right: Rollout): boolean {
  const isSameRelease = left.releases.at(-1) === right.releases.at(-1);
  return isSameRelease && left.configurationDigest === right.configurationDigest;
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
