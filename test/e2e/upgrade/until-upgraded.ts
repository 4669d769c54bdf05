import { eventually } from '../support/machines.ts';
import { releaseTroubles } from '../support/release-troubles.ts';
import { type RolloutTold, rolloutTo } from '../support/rollouts.ts';
import { firstOf, machinesIn } from '../support/until-whole.ts';

/** Each look starts a program of its own, on machines that have better to do. */
const LOOK_EVERY_MS = 3_000;
/** CoreDNS and kube-proxy are the last that start anew. */
const SETTLES_WITHIN_MS = 90_000;

/** Resolves once all of these run the release and the rollout says it is done; rejects when that stops by itself. */
export async function untilUpgraded(
  machines: readonly string[],
  release: string,
  deadlineMs: number,
): Promise<RolloutTold> {
  const asked = firstOf(await machinesIn('control plane', machines));
  await eventually(
    () => rolloutUnderWay(asked, release),
    (rollout) => rollout?.state === 'done',
    deadlineMs,
  );
  await eventually(
    () => releaseTroubles(asked, release),
    (troubles) => troubles.length === 0,
    SETTLES_WITHIN_MS,
  );
  const rollout = await rolloutTo(asked, release);
  if (rollout === undefined) throw new Error(`the rollout to ${release} is gone`);
  return rollout;
}

async function rolloutUnderWay(machine: string, release: string): Promise<RolloutTold | undefined> {
  await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  const rollout = await rolloutTo(machine, release);
  if (rollout?.state === 'paused' || rollout?.state === 'cancelled') {
    throw new Error(`${rollout.planId} is ${rollout.state}: ${rollout.waiting?.message ?? '-'}`);
  }
  return rollout;
}
