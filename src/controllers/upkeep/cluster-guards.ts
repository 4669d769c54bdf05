import type { Guard } from '../../state/decision-event.ts';
import { isGrowing } from '../../state/growth.ts';
import type { NodeId } from '../../state/node-id.ts';
import { isLost } from '../../state/roster.ts';
import { ENOUGH_LOOKS } from './looks.ts';
import { otherChange, type World } from './world.ts';

/** The first guard that does not let it pass. */
export function closedBy(guards: readonly Guard[]): Guard | undefined {
  return guards.find(({ passed }) => !passed);
}

/**
 * What must be so before any node is disturbed, whichever it is. `mended`: a node that was left in the
 * middle of the same step, which nothing but that step makes whole again.
 */
export function clusterGuards(world: World, mended?: NodeId): readonly Guard[] {
  const whole = mended === undefined ? controlPlanesWhole(world) : othersWhole(mended, world);
  return [oneChange(world), everyoneReachable(world), whole];
}

export function oneChange({ roster }: World): Guard {
  const change = otherChange(roster);
  const message = change ?? 'no node joins or leaves';
  return { name: 'one-change', passed: change === undefined, message };
}

/** A cluster is upgraded as it is to stay: a newcomer would have to wait for the end of it. */
export function grownUp({ roster, spec }: World): Guard {
  const passed = !isGrowing(roster, spec);
  const message = passed
    ? 'no control plane is about to be added'
    : `the cluster is still to grow: ${roster.controlPlanes.length} of ${spec.controlPlanes} control planes are there, and another node can become one`;
  return { name: 'grown-up', passed, message };
}

/** Whoever is dead for certain is not waited for, unless it is a control plane. */
export function everyoneReachable({ nodes }: World): Guard {
  const missed = nodes.filter(({ serves, facts }) => !serves && !isLost(facts));
  const dead = nodes.filter(({ facts }) => isLost(facts));
  const passed = missed.length === 0;
  const others = dead.length === 0 ? '' : ` but ${namesOf(dead)}, dead for certain`;
  const message = passed
    ? `every node answers${others}`
    : `it is not known whether ${namesOf(missed)} serves: see that its machine runs and civitas on it`;
  return { name: 'everyone-reachable', passed, message };
}

function namesOf(nodes: World['nodes']): string {
  return nodes.map(({ hostname }) => hostname).join(', ');
}

function controlPlanesWhole(world: World): Guard {
  const { wholeLooks } = world.observed;
  const now = noneInTrouble(world);
  if (!now.passed) return now;
  const passed = wholeLooks >= ENOUGH_LOOKS;
  const message = passed
    ? `every control plane was whole in ${ENOUGH_LOOKS} looks in a row`
    : WATCHED;
  return { ...now, passed, message };
}

/** Ten looks would never come together beside one that is not whole itself. */
function othersWhole(mended: NodeId, world: World): Guard {
  const { controlPlanes, sponsors } = world.roster;
  const isWhole = sponsors.includes(mended);
  const isAlone = controlPlanes.every(
    ({ nodeId }) => nodeId === mended || sponsors.includes(nodeId),
  );
  const isItsOwn = controlPlanes.some(({ nodeId }) => nodeId === mended);
  if (isWhole || !isAlone || !isItsOwn) return controlPlanesWhole(world);
  const message = 'every other control plane is whole, and it is the one to mend';
  return { name: 'control-planes-whole', passed: true, message };
}

/** One that is lost is replaced first. */
export function noneInTrouble({ roster: { troubles } }: World): Guard {
  const passed = troubles.length === 0;
  const message = passed ? 'every control plane is whole' : troubles.join(', ');
  return { name: 'control-planes-whole', passed, message };
}

/** Always the same words, as it is soon over. */
const WATCHED = `every control plane is whole, and is watched for ${ENOUGH_LOOKS} looks in a row`;

/** Whether a guard is closed only until enough looks were taken. */
export function isOnlyWatching({ message }: Pick<Guard, 'message'>): boolean {
  return message === WATCHED;
}
