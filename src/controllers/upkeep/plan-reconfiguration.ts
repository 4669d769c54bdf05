import type { ClusterSpec } from '../../state/cluster-spec.ts';
import { configurationDigest } from '../../state/configuration-digest.ts';
import { planStep, workerStages } from './plan-step.ts';
import type { Draft } from './plan-upgrade.ts';
import type { UpkeptNode } from './upkept-nodes.ts';
import { clusterVersion, kubeletVersion } from './versions.ts';

/**
 * Takes what `spec.kubeadm` says by now to every node that was brought to something else; undefined
 * when none was. A node that does not know what it was brought to is no reason.
 */
export function planReconfiguration(
  nodes: readonly UpkeptNode[],
  spec: ClusterSpec,
): Draft | undefined {
  const wanted = {
    'control-plane': configurationDigest(spec.kubeadm, 'control-plane'),
    worker: configurationDigest(spec.kubeadm, 'worker'),
  };
  // Whoever changed its role a moment ago still tells what it was brought to in the other one.
  const present = Object.values(wanted);
  const outdated = nodes.filter((each) => present.every((digest) => differs(each, digest)));
  if (outdated.length === 0) return undefined;
  const cluster = clusterVersion(nodes) ?? spec.kubernetesVersion;
  const planes = outdated.filter(({ role }) => role === 'control-plane');
  const workers = outdated.filter(({ role }) => role === 'worker');
  return {
    releases: [cluster],
    steps: [
      ...planes.map((each, index) =>
        planStep(each, 'control planes', 'reconfigure', cluster, { first: index === 0 }),
      ),
      ...workerStages(workers).map(([each, stage]) =>
        planStep(each, stage, 'reconfigure', kubeletVersion(each) ?? cluster),
      ),
    ],
  };
}

/** Whether the node was brought to another configuration than the spec has by now. */
export function isOutdated(node: UpkeptNode, { kubeadm }: ClusterSpec): boolean {
  return differs(node, configurationDigest(kubeadm, node.role));
}

function differs({ upkeep }: UpkeptNode, wanted: string): boolean {
  const present = upkeep?.configurationDigest ?? null;
  return present !== null && present !== wanted;
}
