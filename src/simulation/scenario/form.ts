import type { Fleet } from '../fleet/fleet.ts';
import { isWhole } from '../fleet/until-whole.ts';
import type { Blueprint } from './blueprint.ts';
import { editSpec } from './edit-spec.ts';
import type { StartedFleet } from './start-blueprint.ts';

const STEP_MS = 1_000;
/** Fifty machines take a minute. */
const WHOLE_WITHIN_MS = 600_000;
/** A machine is found dead after some 45 s; agents that were started again need less. */
const SETTLED_WITHIN_MS = 120_000;

/**
 * Lets time pass until the cluster is as its blueprint says, or until that takes too long. Resolves to
 * the time it took to become whole; undefined when it did not.
 */
export async function form(
  started: StartedFleet,
  blueprint: Blueprint,
  onPassed: (passedMs: number) => void,
): Promise<number | undefined> {
  const { fleet } = started;
  const { expectedNodes, genesis } = blueprint;
  const whole = await passUntil(fleet, WHOLE_WITHIN_MS, () => {
    onPassed(fleet.clock.nowMs());
    return isWhole(fleet, expectedNodes);
  });
  const wholeMs = whole ? fleet.clock.nowMs() : undefined;
  if (whole) fleet.recorder.note('*', { type: 'script.whole' });
  if (genesis !== null) await becomeLikeCopy(started, blueprint);
  return wholeMs;
}

async function becomeLikeCopy(
  { fleet, releaseRoles }: StartedFleet,
  { machines, spec, kubernetesVersion }: Blueprint,
): Promise<void> {
  releaseRoles();
  const dead = machines.filter(({ isDead }) => isDead).map(({ hostname }) => hostname);
  for (const hostname of dead) fleet.machine(hostname).powerOff();
  await fleet.clock.advance(STEP_MS);
  await passUntil(fleet, SETTLED_WITHIN_MS, () => dead.every((name) => isFoundDead(fleet, name)));
  if (spec.kubernetesVersion !== kubernetesVersion) await editSpec(fleet, spec);
}

async function passUntil(fleet: Fleet, mostMs: number, holds: () => boolean): Promise<boolean> {
  const endMs = fleet.clock.nowMs() + mostMs;
  while (!holds()) {
    if (fleet.clock.nowMs() >= endMs) return false;
    await fleet.clock.advance(STEP_MS);
  }
  return true;
}

function isFoundDead(fleet: Fleet, hostname: string): boolean {
  const { nodeId } = fleet.machine(hostname).node();
  return fleet.store()?.get('liveness', nodeId)?.value.verdict === 'dead';
}
