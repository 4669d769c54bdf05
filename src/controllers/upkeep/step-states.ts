import type { Progress, Rollout, RolloutStep } from '../../state/rollout.ts';
import { isOutdated } from './plan-reconfiguration.ts';
import { isSurveyDue } from './survey-due.ts';
import { clusterVersion, controlPlaneVersions, isThere, kubeletVersion } from './versions.ts';
import { isGone, nodeOf, type World } from './world.ts';

/** One try of a step, as it stands in the progress. */
export type Try = Progress['steps'][number];

/** A step of a rollout and how far it is. */
export interface StepState {
  readonly index: number;
  readonly step: RolloutStep;
  /** `settled`: nothing more comes of it, as it is done, has become needless, or its node is gone. */
  readonly state: 'open' | 'under-way' | 'settled';
  /** The last one; undefined before the first. */
  readonly last: Try | undefined;
  /** One of them came to an end that it was not to come to: the node may be left in the middle. */
  readonly wasBroken: boolean;
}

/** Steps of which the next ones begin once all of these are settled. */
export interface StageState {
  /** For people: the stage, with the release where there are several. */
  readonly name: string;
  readonly steps: readonly StepState[];
}

/** The stages of a rollout that are not over, in order. */
export function openStages(
  states: readonly StepState[],
  { releases }: Rollout,
): readonly StageState[] {
  const severalReleases = releases.length > 2;
  const named = states.map((each) => {
    const { stage, kubernetesVersion } = each.step;
    return { name: severalReleases ? `${stage} ${kubernetesVersion}` : stage, each };
  });
  const stages = Map.groupBy(named, ({ name }) => name);
  return [...stages]
    .map(([name, members]) => ({ name, steps: members.map(({ each }) => each) }))
    .filter(({ steps }) => steps.some(({ state }) => state !== 'settled'));
}

export function stepStates(
  rollout: Rollout,
  tries: readonly Try[],
  world: World,
): readonly StepState[] {
  const states = rollout.steps.map((step, index): StepState => {
    const last = tries.findLast((each) => each.index === index);
    const wasBroken = tries.some((each) => each.index === index && isBroken(each));
    return { index, step, last, wasBroken, state: stateOf(step, last, world) };
  });
  return states.map((each) =>
    isSurveyDue(each, rollout, states, world) ? { ...each, state: 'open' } : each,
  );
}

function isBroken({ outcome }: Try): boolean {
  return outcome === 'failed' || outcome === 'dropped';
}

function stateOf(step: RolloutStep, last: Try | undefined, world: World): StepState['state'] {
  if (last?.outcome === null) return 'under-way';
  const isOver = last?.outcome === 'done' || isGone(world, step.nodeId) || isNeedless(step, world);
  return isOver ? 'settled' : 'open';
}

/** The node is as the step would make it, whoever did that. */
function isNeedless(
  { task, nodeId, kubernetesVersion, first }: RolloutStep,
  world: World,
): boolean {
  const node = nodeOf(world, nodeId);
  if (!node) return true;
  const isUpgraded = () => isThere(controlPlaneVersions(node), kubernetesVersion);
  switch (task) {
    case 'prepare':
      return node.upkeep?.prepared.includes(kubernetesVersion) ?? false;
    case 'upgrade-control-plane':
      if (node.role !== 'control-plane') return true;
      return isUpgraded() && (!first || isApplied(kubernetesVersion, world));
    case 'upgrade-kubelet':
      return isThere([kubeletVersion(node)], kubernetesVersion);
    case 'reconfigure':
      return node.upkeep?.configurationDigest !== undefined && !isOutdated(node, world.spec);
    case 'survey':
    case 'renew-certificates':
    case 'drain':
      return false;
  }
}

/** kubeadm-config says that the cluster is of that release. */
export function isApplied(release: string, { nodes }: World): boolean {
  return isThere([clusterVersion(nodes) ?? null], release);
}
