import type { Release } from '../../state/release.ts';
import type { Action } from './action.ts';
import type { Advance } from './advanced.ts';
import { oldestApiServer } from './step-guards.ts';
import { type StepState, stepStates } from './step-states.ts';
import { clusterVersion, newestOf } from './versions.ts';
import type { World } from './world.ts';

type ReleaseAction = Extract<Action, { type: 'release' }>;

/**
 * What newcomers get, kept true: nothing before the first control plane is touched, as they get what
 * the others have. Unknown versions leave it as it is.
 */
export function releaseAction(
  advances: readonly Advance[],
  world: World,
): readonly ReleaseAction[] {
  const { release: present } = world.observed;
  const holder = advances.find((each) => holdsJoins(each, world));
  const heldBy = holder?.rollout.planId ?? null;
  if (!present && !holder) return [];
  const told = clusterVersion(world.nodes);
  // kubeadm-config that says less than before was changed by hand.
  const controlPlane = newestOf([told ?? null, present?.value.controlPlane ?? null]);
  const kubelet = oldestApiServer(world) ?? present?.value.kubelet;
  if (controlPlane === undefined || kubelet === undefined) return [];
  const { term } = world;
  const release: Release = { term, controlPlane, kubelet, heldBy };
  return isSame(release, present?.value)
    ? []
    : [{ type: 'release', release, ifRevision: present?.revision ?? 0 }];
}

/** From the first control plane of a release on until the last one and its kubelet are there. */
function holdsJoins({ rollout, next }: Advance, world: World): boolean {
  if (rollout.action !== 'upgrade' || next.endedWallMs !== null) return false;
  const states = stepStates(rollout, next.steps, world);
  return rollout.releases.some((release) => {
    const steps = states.filter(
      ({ step }) => step.kubernetesVersion === release && isOfPlane(step),
    );
    return steps.some(({ last }) => last) && steps.some(({ state }) => state !== 'settled');
  });
}

function isOfPlane({ stage }: StepState['step']): boolean {
  return stage === 'control planes' || stage === 'kubelets of control planes';
}

function isSame(left: Release, right: Release | undefined): boolean {
  return (
    left.controlPlane === right?.controlPlane &&
    left.kubelet === right.kubelet &&
    left.heldBy === right.heldBy
  );
}
