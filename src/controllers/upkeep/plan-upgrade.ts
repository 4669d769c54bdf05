import type { ClusterSpec } from '../../state/cluster-spec.ts';
import { isNewerRelease } from '../../state/kubernetes-version.ts';
import { firstSkippedMinor, releasesBetween } from '../../state/releases-between.ts';
import type { RolloutStep } from '../../state/rollout.ts';
import type { WaitReason } from '../../state/status.ts';
import { planStep, workerStages } from './plan-step.ts';
import type { UpkeptNode } from './upkept-nodes.ts';
import {
  clusterVersion,
  controlPlaneVersions,
  isBehind,
  kubeletVersion,
  newestOf,
  oldestOf,
  versionsOf,
} from './versions.ts';

/** What a rollout does, before it has a name. */
export interface Draft {
  readonly releases: readonly string[];
  readonly steps: readonly RolloutStep[];
}

/**
 * Brings every part that is older to the release that is wanted; undefined when none is known to be.
 * `nodes`: those that serve. A wait names what has to be known, or put right, before.
 */
export function planUpgrade(
  nodes: readonly UpkeptNode[],
  spec: ClusterSpec,
): Draft | WaitReason | undefined {
  const target = spec.kubernetesVersion;
  const cluster = clusterVersion(nodes);
  // kubeadm-config that alone is behind was changed by hand: putting it back is no upgrade.
  const everything = nodes.flatMap(versionsOf);
  // Kubernetes itself may tell of a kubelet before its node did.
  const told = nodes.map(({ facts }) => facts.status?.kubernetes.kubeletVersion ?? null);
  if (!isBehind([...everything, ...told], target)) return undefined;
  const obscure = nodes.filter((each) => versionsOf(each).includes(null));
  if (obscure.length > 0 || cluster === undefined) return unknown(obscure);
  const newest = newestOf([cluster, ...nodes.flatMap(controlPlaneVersionsOf)]);
  if (newest !== undefined && isNewerRelease(newest, target)) return tooNew(newest, target);

  const releases = releasesBetween(oldestOf(everything) ?? target, spec);
  const skipped = firstSkippedMinor(releases);
  if (skipped !== undefined) return skips(nodes, releases[0] ?? '', skipped);
  const hops = releases.slice(1);
  return { releases, steps: hops.flatMap((release) => hop(nodes, release, cluster)) };
}

function controlPlaneVersionsOf(node: UpkeptNode): readonly (string | null)[] {
  return node.role === 'control-plane' ? controlPlaneVersions(node) : [];
}

/** All that has to happen for one release; those before it have been by then. */
function hop(
  nodes: readonly UpkeptNode[],
  release: string,
  cluster: string,
): readonly RolloutStep[] {
  const planes = nodes.filter(({ role }) => role === 'control-plane');
  const workers = nodes.filter(({ role }) => role === 'worker');
  const behind = planes.filter((each) => isBehind(controlPlaneVersions(each), release));
  const isApplied = !isNewerRelease(release, cluster);
  // kubeadm-config may lag behind the only control plane whose upgrade was not ended.
  const upgraded = !isApplied && behind.length === 0 ? planes.slice(0, 1) : behind;
  const kubelets = (all: readonly UpkeptNode[]) =>
    all.filter((each) => isBehind([kubeletVersion(each)], release));
  const touched = nodes.filter((each) => upgraded.includes(each) || kubelets([each]).length > 0);
  // Its pods have nowhere to go, or nobody who would see to it.
  const mayDrain = { 'control-plane': planes.length > 1, worker: nodes.length > 1 };

  return [
    ...touched
      .filter(({ upkeep }) => !upkeep?.prepared.includes(release))
      .map((each) => planStep(each, 'prepare', 'prepare', release)),
    ...planes.slice(0, 1).map((each) => planStep(each, 'checks', 'survey', release)),
    ...upgraded.map((each, index) =>
      planStep(each, 'control planes', 'upgrade-control-plane', release, {
        first: !isApplied && index === 0,
      }),
    ),
    ...kubelets(planes).map((each) =>
      planStep(each, 'kubelets of control planes', 'upgrade-kubelet', release, {
        drains: mayDrain[each.role],
      }),
    ),
    ...workerStages(kubelets(workers)).map(([each, stage]) =>
      planStep(each, stage, 'upgrade-kubelet', release, { drains: mayDrain[each.role] }),
    ),
  ];
}

function unknown(nodes: readonly UpkeptNode[]): WaitReason {
  const names = nodes.map(({ hostname }) => hostname).join(', ') || 'any control plane';
  const message = `an upgrade is planned once it is known what runs on ${names}: see that its agent is up to date and its kubelet runs`;
  return { reason: 'versions-unknown', message };
}

function tooNew(newest: string, target: string): WaitReason {
  const message = `the control plane is ${newest} already, newer than ${target}, and there is no way back: set kubernetesVersion to ${newest}`;
  return { reason: 'version-order', message };
}

function skips(nodes: readonly UpkeptNode[], oldest: string, skipped: number): WaitReason {
  const node = nodes.find((each) => versionsOf(each).includes(oldest));
  const who = node?.hostname ?? 'kubeadm-config';
  const message = `${who} is at ${oldest}, and nothing passes v1.${skipped}: name a release of it in upgrade.through, such as v1.${skipped}.0`;
  return { reason: 'version-order', message };
}
