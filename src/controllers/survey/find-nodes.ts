import { CORDON_MARK } from '../../state/drain-marks.ts';
import {
  compareKubernetesVersions,
  mayKubeletServe,
  parseKubernetesVersion,
} from '../../state/kubernetes-version.ts';
import type { Finding } from '../../state/survey.ts';
import { finding } from './finding.ts';
import type { ClusterSight, NodeView, Survey } from './observed.ts';

/** Clocks that differ by less do no harm. */
const CLOCK_TOLERANCE_MS = 60_000;
/** A kubelet renews its lease so often (a quarter of nodeLeaseDurationSeconds). */
const LEASE_EVERY_MS = 10_000;

/** What Kubernetes shows of the nodes. */
export function findNodes(
  { ask, nodes }: Survey,
  cluster: ClusterSight,
  wallMs: number,
): readonly Finding[] {
  return [
    finding(
      'nodes-ready',
      nodes.flatMap((node) => nodeTroubles(node, cluster)),
      'all nodes are Ready, and none that is to be drained was cordoned before',
    ),
    versionSkew(ask.kubernetesVersion, nodes, cluster),
    clocks(nodes, cluster, wallMs),
  ];
}

function nodeTroubles({ hostname, alive }: NodeView, cluster: ClusterSight): readonly string[] {
  const node = cluster.nodes.find(({ name }) => name === hostname);
  const marks = cluster.marks.get(hostname);
  const mark = marks?.labels[CORDON_MARK];
  return [
    ...(alive ? [] : [`the agent of ${hostname} is not known to live: bring it back`]),
    ...(node ? [] : [`Kubernetes has no Node ${hostname}: start its kubelet`]),
    ...(node && !node.ready ? [`the Node ${hostname} is not Ready: see its kubelet`] : []),
    ...(marks?.unschedulable && mark === undefined
      ? [`people cordoned ${hostname}, which is to be drained: \`kubectl uncordon ${hostname}\``]
      : []),
    ...(marks?.unschedulable && mark !== undefined
      ? [`${hostname} is cordoned for ${mark}: it takes pods again once that is over`]
      : []),
  ];
}

function versionSkew(target: string, nodes: readonly NodeView[], cluster: ClusterSight): Finding {
  const wanted = parseKubernetesVersion(target);
  const kubelets = cluster.nodes.flatMap(({ name, kubeletVersion }) => {
    const kubelet = parseKubernetesVersion(kubeletVersion);
    if (!wanted || !kubelet || mayKubeletServe(kubelet, wanted)) return [];
    return [
      `the kubelet of ${name} is ${kubeletVersion}, which no API server of ${target} serves: bring it to a release of at most three minors before`,
    ];
  });
  const apiServers = nodes.flatMap(({ hostname, apiServer }) => {
    const present = apiServer === null ? undefined : parseKubernetesVersion(apiServer);
    if (!wanted || !present) return [];
    const isBack = compareKubernetesVersions(present, wanted) > 0;
    if (!isBack && wanted.minor - present.minor <= 1) return [];
    const why = isBack ? 'and there is no way back' : 'and no minor release is skipped';
    return [`the API server of ${hostname} is ${apiServer}, ${why}: choose another version`];
  });
  const fine = `every kubelet and API server may be beside one of ${target}`;
  return finding('version-skew', [...apiServers, ...kubelets], fine);
}

/** By the leases that Ready kubelets renew: their clocks against the one of this host. */
function clocks(nodes: readonly NodeView[], { nodes: seen, leases }: ClusterSight, wallMs: number) {
  const ready = new Set(seen.flatMap((node) => (node.ready ? [node.name] : [])));
  const troubles = leases.flatMap(({ node, renewedWallMs }) => {
    const isOurs = nodes.some(({ hostname }) => hostname === node);
    if (!isOurs || !ready.has(node)) return [];
    const aheadMs = renewedWallMs - wallMs;
    const isFar = aheadMs > CLOCK_TOLERANCE_MS || -aheadMs > CLOCK_TOLERANCE_MS + LEASE_EVERY_MS;
    if (!isFar) return [];
    const side = aheadMs > 0 ? 'ahead of' : 'behind';
    const minutes = Math.ceil(Math.abs(aheadMs) / 60_000);
    return [
      `the clock of ${node} is about ${minutes} minutes ${side} that of this host: set it right (\`timedatectl set-ntp true\`)`,
    ];
  });
  return finding('clocks', troubles, 'the clocks of all nodes are within a minute of each other');
}
