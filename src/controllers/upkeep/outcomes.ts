import type { OrderReport } from '../../state/order-report.ts';
import type { RolloutStep } from '../../state/rollout.ts';
import { ENOUGH_LOOKS } from './looks.ts';
import { isLetOff } from './recall.ts';
import { isApplied, type StepState } from './step-states.ts';
import type { UpkeptNode } from './upkept-nodes.ts';
import { controlPlaneVersions, isThere, kubeletVersion } from './versions.ts';
import { isGone, nodeOf, type World } from './world.ts';

/** What became of a step under way; while nothing did, what it waits for. */
export type Outcome =
  | { readonly type: 'done' }
  | { readonly type: 'dropped' }
  /** Taken back before the node was touched. */
  | { readonly type: 'recalled' }
  | { readonly type: 'failed'; readonly why: string }
  | {
      readonly type: 'under-way';
      readonly message: string;
      /** Only people can end that. */
      readonly isBlocked: boolean;
    };

const DONE: Outcome = { type: 'done' };

/** A node that said that it is done is believed once the cluster shows the same. */
export function outcomeOf({ step, last }: StepState, planId: string, world: World): Outcome {
  const node = nodeOf(world, step.nodeId);
  if (!node || isGone(world, step.nodeId)) return { type: 'dropped' };
  const operationId = last?.operationId ?? '';
  if (step.task === 'survey') return outcomeOfSurvey(planId, operationId, world);

  const work = workOf(step, node);
  if (isTakenBack(work, operationId, world)) return { type: 'recalled' };
  const stuck = drainTrouble(step, operationId, world);
  if (stuck !== undefined) return underWay(node, `is drained: ${stuck}`);
  if (work?.operationId !== operationId) return underWay(node, 'has not begun yet');
  if (work.state === 'failed') return { type: 'failed', why: work.reason ?? 'no reason given' };
  if (work.state === 'under-way') return underWay(node, work.waiting?.message ?? work.step);
  const missing = missingProof(step, node, operationId, world);
  return missing === undefined ? DONE : underWay(node, missing);
}

function isTakenBack(work: OrderReport | null, operationId: string, world: World): boolean {
  const order = world.observed.orders.find(({ value }) => value.operationId === operationId)?.value;
  const isEnded = work?.operationId === operationId && work.state !== 'under-way';
  return order !== undefined && !isEnded && isLetOff(order, world);
}

function drainTrouble(
  { drains, nodeId }: RolloutStep,
  operationId: string,
  { observed }: World,
): string | undefined {
  const drain = observed.drains.find(({ key }) => key === nodeId)?.value;
  const isOpen = drains && drain?.operationId === operationId && drain.state === 'draining';
  return isOpen ? drain.waiting?.message : undefined;
}

function outcomeOfSurvey(planId: string, operationId: string, { observed }: World): Outcome {
  const survey = observed.surveys.find(({ key }) => key === planId)?.value;
  if (survey?.operationId !== operationId) {
    const message = 'it is looked whether the rollout would fail';
    return { type: 'under-way', message, isBlocked: false };
  }
  const failed = survey.findings.filter(({ passed }) => !passed);
  if (failed.length === 0) return DONE;
  const message = failed.map((each) => each.message).join('; ');
  return { type: 'under-way', message, isBlocked: true };
}

/** Who carries the step out says so in an entry of its own. */
function workOf({ task }: Pick<RolloutStep, 'task'>, node: UpkeptNode): OrderReport | null {
  const { upkeep, certificates } = node;
  return (task === 'renew-certificates' ? certificates?.work : upkeep?.work) ?? null;
}

/** What does not show yet of a step that is said to be done. */
function missingProof(
  step: RolloutStep,
  node: UpkeptNode,
  operationId: string,
  world: World,
): string | undefined {
  if (step.task === 'prepare') return undefined;
  if (!isAtRelease(step, node, world)) return `does not run ${step.kubernetesVersion} yet`;
  if (!node.serves || !node.facts.status?.kubernetes.nodeReady) return 'is not Ready yet';
  const { observed, roster } = world;
  const drain = observed.drains.find(({ key }) => key === step.nodeId)?.value;
  const isReleased = drain?.operationId === operationId && drain.state === 'released';
  // Whether it was drained is with the order: it may be the only control plane since the plan.
  const order = observed.orders.find(({ key }) => key === step.nodeId)?.value;
  if ((order?.drains ?? step.drains) && !isReleased) return 'is still cordoned';
  if (node.role !== 'control-plane') return undefined;
  // Another one that is lost may have to be replaced before all are whole.
  if (!roster.sponsors.includes(node.nodeId)) return `is done, and ${roster.troubles.join(', ')}`;
  const isWatched = roster.troubles.length === 0 && observed.wholeLooks < ENOUGH_LOOKS;
  return isWatched ? 'is watched for a while' : undefined;
}

function isAtRelease(
  { task, kubernetesVersion, first }: RolloutStep,
  node: UpkeptNode,
  world: World,
): boolean {
  switch (task) {
    case 'upgrade-control-plane': {
      const isSaid = !first || isApplied(kubernetesVersion, world);
      return isSaid && isThere(controlPlaneVersions(node), kubernetesVersion);
    }
    case 'upgrade-kubelet':
      return isThere([kubeletVersion(node)], kubernetesVersion);
    default:
      return true;
  }
}

function underWay({ hostname }: UpkeptNode, doing: string): Outcome {
  return { type: 'under-way', message: `${hostname} ${doing}`, isBlocked: false };
}
