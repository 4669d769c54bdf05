import { countText } from '../../state/count-text.ts';
import type { Guard } from '../../state/decision-event.ts';
import type { NodeId } from '../../state/node-id.ts';
import { isDisruptive } from '../../state/order.ts';
import type { Rollout, RolloutStep } from '../../state/rollout.ts';
import { isApplied, type StepState } from './step-states.ts';
import { isSurveyGood } from './survey-age.ts';
import type { UpkeptNode } from './upkept-nodes.ts';
import { controlPlaneVersions, isThere, oldestOf } from './versions.ts';
import { nodeOf, type World } from './world.ts';

/** What must be so besides before this step of a rollout begins. */
export function stepGuards(
  each: StepState,
  rollout: Rollout,
  states: readonly StepState[],
  busy: ReadonlySet<NodeId>,
  world: World,
): readonly Guard[] {
  const { step, index } = each;
  const own = [nodeServes(step.nodeId, world), nodeIsFree(step.nodeId, world)];
  if (!isDisruptive(step)) return own;
  const hop = states.filter((other) => other.step.kubernetesVersion === step.kubernetesVersion);
  return [
    ...own,
    ...(rollout.action === 'upgrade'
      ? [
          preparedEverywhere(hop, world),
          surveyPassed(each, rollout, hop, world),
          versionOrder(rollout, index, world),
        ]
      : []),
    maxUnavailable(step.nodeId, busy, world),
  ];
}

function nodeServes(nodeId: NodeId, world: World): Guard {
  const node = nodeOf(world, nodeId);
  const passed = node?.serves ?? false;
  const message = `${node?.hostname ?? nodeId} ${passed ? 'serves' : 'does not serve now'}`;
  return { name: 'node-serves', passed, message };
}

export function nodeIsFree(nodeId: NodeId, world: World): Guard {
  const order = world.observed.orders.find(({ key }) => key === nodeId)?.value;
  const hostname = nodeOf(world, nodeId)?.hostname ?? nodeId;
  const message =
    order?.task === 'drain'
      ? `${hostname} is drained, as people asked: \`civitas uncordon ${hostname}\` ends that`
      : `${hostname} has an order already`;
  return { name: 'node-busy', passed: order === undefined, message };
}

function preparedEverywhere(hop: readonly StepState[], world: World): Guard {
  const touched = new Set(
    hop.flatMap(({ step, state }) =>
      isDisruptive(step) && state !== 'settled' ? step.nodeId : [],
    ),
  );
  const release = hop[0]?.step.kubernetesVersion ?? '';
  const lacking = [...touched].flatMap((nodeId) => {
    const node = nodeOf(world, nodeId);
    return node?.serves && !node.upkeep?.prepared.includes(release) ? [node.hostname] : [];
  });
  const passed = lacking.length === 0;
  const message = passed
    ? `programs and images of ${release} are on every node`
    : `programs and images of ${release} are not on ${lacking.join(', ')}`;
  return { name: 'prepared-everywhere', passed, message };
}

/** A node that was left in the middle would fail every survey: its step alone makes it whole again. */
function surveyPassed(
  { wasBroken }: StepState,
  rollout: Rollout,
  hop: readonly StepState[],
  world: World,
): Guard {
  const survey = hop.find(({ step }) => step.task === 'survey')?.last;
  const isDone = survey?.outcome === 'done';
  const passed = isDone && (wasBroken || isSurveyGood(rollout, survey, world));
  const since = isDone
    ? 'it was looked too long ago whether the rollout would fail: it is looked again'
    : 'nobody has looked yet whether the rollout would fail';
  const message = passed ? 'nothing was found that the rollout would fail of' : since;
  return { name: 'survey-passed', passed, message };
}

/** The cluster before the control planes, all of these before any kubelet (S7). */
function versionOrder({ steps }: Rollout, index: number, world: World): Guard {
  const step = steps[index];
  const why = step && whyTooEarly(step, world);
  const passed = step !== undefined && why === undefined;
  const message = why ?? 'every part goes up after those that it has to follow';
  return { name: 'version-order', passed, message };
}

function whyTooEarly(step: RolloutStep, world: World): string | undefined {
  const release = step.kubernetesVersion;
  if (step.task === 'upgrade-control-plane') {
    if (step.first || isApplied(release, world)) return undefined;
    return `kubeadm-config does not say ${release} yet`;
  }
  const older = apiServersOlderThan(release, world);
  if (older.length === 0) return undefined;
  return `the API server of ${older.join(', ')} is not known to be ${release} yet`;
}

/** Names of control planes, dead ones too: they may come back as they were. */
function apiServersOlderThan(release: string, { nodes }: World): readonly string[] {
  return nodes
    .filter(({ role }) => role === 'control-plane')
    .filter((each) => !isThere(apiServerOf(each), release))
    .map(({ hostname }) => hostname);
}

/** Undefined while not every one is known. */
export function oldestApiServer({ nodes }: World): string | undefined {
  const versions = nodes.filter(({ role }) => role === 'control-plane').flatMap(apiServerOf);
  return versions.includes(null) ? undefined : oldestOf(versions);
}

function apiServerOf(node: UpkeptNode): readonly (string | null)[] {
  return controlPlaneVersions(node).slice(0, 1);
}

export function maxUnavailable(nodeId: NodeId, busy: ReadonlySet<NodeId>, world: World): Guard {
  const { maxUnavailable: most } = world.spec.upgrade;
  const all = [...new Set([...busy, nodeId])].flatMap((each) => nodeOf(world, each) ?? []);
  const names = all.filter((each) => each.nodeId !== nodeId).map(({ hostname }) => hostname);
  const planes = all.filter(({ role }) => role === 'control-plane');
  const isSecondPlane = planes.length > 1 && planes.some((each) => each.nodeId === nodeId);
  const limit = isSecondPlane ? 'one control plane' : `${most} (upgrade.maxUnavailable)`;
  const passed = !isSecondPlane && all.length <= most;
  const message = passed
    ? `with it ${countText(all.length, 'node')} ${all.length === 1 ? 'is' : 'are'} out of service, of at most ${most}`
    : `${names.join(', ')} is out of service, and ${limit} may be at a time`;
  return { name: 'max-unavailable', passed, message };
}
