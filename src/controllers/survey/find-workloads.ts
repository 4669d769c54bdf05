import { drainDeadlocks } from '../../state/drain-report.ts';
import { parseKubernetesVersion } from '../../state/kubernetes-version.ts';
import { removedGates } from '../../state/removed-gates.ts';
import type { Finding } from '../../state/survey.ts';
import { findStored } from './find-stored.ts';
import { finding } from './finding.ts';
import type { ClusterSight, Survey } from './observed.ts';

/** What runs in the cluster, or was configured, and does not go together with the next release. */
export function findWorkloads(survey: Survey, cluster: ClusterSight): readonly Finding[] {
  const { kubernetesVersion } = survey.ask;
  const minor = parseKubernetesVersion(kubernetesVersion)?.minor ?? 0;
  return [
    disruptionBudgets(survey, cluster),
    removedApis(cluster, kubernetesVersion, minor),
    findStored(cluster.stored, kubernetesVersion),
    featureGates(survey, cluster, kubernetesVersion, minor),
  ];
}

function disruptionBudgets({ keeps }: Survey, { pods, budgets }: ClusterSight): Finding {
  const troubles = [...pods].flatMap(([node, there]) => {
    const found = drainDeadlocks(there, budgets, keeps);
    return found.map((sentence) => `${node} can not be drained: ${sentence}`);
  });
  return finding('disruption-budgets', troubles, 'every budget lets its pods go some day');
}

function removedApis({ deprecatedApis }: ClusterSight, release: string, minor: number): Finding {
  const troubles = deprecatedApis
    .filter(({ removedRelease }) => isWithin(removedRelease, minor))
    .map(({ group, version, resource, subresource, removedRelease }) => {
      const api = [group, version, resource, subresource].filter((part) => part !== '').join('/');
      return `somebody asks for ${api}, which Kubernetes has no more since ${removedRelease}: move who does to a newer version, and start the API servers again, which remember it until then`;
    });
  return finding('removed-apis', troubles, `nobody asked for an API that ${release} does not have`);
}

function isWithin(removedRelease: string, minor: number): boolean {
  const removed = /^1\.(\d+)$/.exec(removedRelease);
  return removed !== null && Number(removed[1]) <= minor;
}

/** Those in the spec would come back; others the first control plane leaves out when it is upgraded. */
function featureGates(
  { specConfiguration }: Survey,
  { clusterConfiguration }: ClusterSight,
  release: string,
  minor: number,
): Finding {
  const wanted = removedGates(specConfiguration, minor);
  const troubles =
    wanted.length === 0
      ? []
      : [
          `kubeadm ${release} does not know the feature gates ${wanted.join(', ')}: take them out of spec.kubeadm.clusterConfiguration.featureGates (\`civitas edit\`)`,
        ];
  const left = removedGates(clusterConfiguration, minor);
  const fine =
    left.length === 0
      ? `kubeadm ${release} knows all feature gates that are set`
      : `the feature gates ${left.join(', ')}, which kubeadm ${release} does not know, are left out by the first control plane`;
  return finding('feature-gates', troubles, fine);
}
