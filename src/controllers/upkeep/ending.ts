import { configurationDigest } from '../../state/configuration-digest.ts';
import type { Rollout } from '../../state/rollout.ts';
import { holdOf } from './people-guards.ts';
import { isApplied, type StepState } from './step-states.ts';
import { controlPlaneVersions, isBehind } from './versions.ts';
import { isGone, type World } from './world.ts';

/**
 * Why a rollout goes no further than to its next safe point: a sentence, or undefined. What is left to
 * do then gets a rollout of its own, unless people said `cancel`.
 */
export function whyEnding(
  rollout: Rollout,
  states: readonly StepState[],
  world: World,
): string | undefined {
  if (holdOf(rollout, world)?.value.word === 'cancel') return 'people cancelled it';
  return whyOutdated(rollout, world) ?? whyStuck(rollout, states, world);
}

function whyOutdated(
  { action, releases, configurationDigest: digest }: Rollout,
  { spec }: World,
): string | undefined {
  const target = releases.at(-1) ?? '';
  switch (action) {
    case 'upgrade':
      if (spec.kubernetesVersion === target) return undefined;
      return `the spec wants ${spec.kubernetesVersion} instead of ${target}`;
    case 'reconfigure':
      if (configurationDigest(spec.kubeadm, 'control-plane') === digest) return undefined;
      return 'the spec has another configuration (spec.kubeadm) by now';
    case 'renew-certificates':
      return spec.certificates.policy === 'report'
        ? 'certificates are not renewed by policy (certificates.policy)'
        : undefined;
  }
}

/** The cluster has become another one than the plan is for. */
function whyStuck(
  { action }: Rollout,
  states: readonly StepState[],
  world: World,
): string | undefined {
  const next = states.find(({ state }) => state !== 'settled');
  if (action !== 'upgrade' || !next) return undefined;
  const release = next.step.kubernetesVersion;
  const hop = states.filter(({ step }) => step.kubernetesVersion === release);
  const lost = hop.find(({ step, last, state }) => {
    const isSurveyed = last?.outcome === 'done' && state === 'settled';
    const isOver = step.task === 'survey' ? isSurveyed : isApplied(release, world);
    return (step.task === 'survey' || step.first) && !isOver && isGone(world, step.nodeId);
  });
  if (lost) return `${lost.step.hostname}, which was to go first, is gone`;
  const newcomer = world.nodes.find(
    (node) =>
      node.serves &&
      node.role === 'control-plane' &&
      isBehind(controlPlaneVersions(node), release) &&
      hop.every(({ step }) => step.task !== 'upgrade-control-plane' || step.nodeId !== node.nodeId),
  );
  return newcomer && `${newcomer.hostname} is a control plane that the plan does not know`;
}
