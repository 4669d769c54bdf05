import { askApi } from '../../api-access.ts';
import { readKubeconfig } from '../../kubeconfig.ts';
import { minorOf } from '../../kubernetes-releases.ts';
import { ADMIN_CONF, KUBELET_CONF, manifestPath } from '../../paths.ts';
import type { UploadedConfiguration } from '../../simulated-cluster.ts';
import { readFile } from '../../simulated-disk.ts';
import { timeoutMs } from '../configuration.ts';
import { KubeadmFailure } from '../failure.ts';
import type { KubeadmRun } from '../run.ts';
import { refuseUnknownGates } from './feature-gates.ts';

const CONFIG_MAP = '/api/v1/namespaces/kube-system/configmaps/kubeadm-config?timeout=10s';

/** What `upgrade apply` and `upgrade node` find out before their first phase. Throws what kubeadm prints. */
export async function prepareUpgrade(
  run: KubeadmRun,
  workflow: string,
  rest: readonly string[],
): Promise<void> {
  const applies = workflow === 'upgrade apply';
  const controlPlane = applies || run.host.disk.files.has(manifestPath('kube-apiserver'));
  const prefix = applies ? '[upgrade] FATAL' : 'unable to fetch the kubeadm-config ConfigMap';
  const { kubeconfig, configuration } = fetchConfiguration(run, controlPlane, prefix);
  refuseUnknownGates(run, configuration, prefix);
  const targetVersion = applies ? versionArgument(rest) : configuration.kubernetesVersion;
  run.discovery = { cluster: { ...configuration, kubernetesVersion: targetVersion }, kubeconfig };

  const { apply, node, timeouts } = run.configuration.upgrade;
  const step = applies ? apply : node;
  const { flags } = run.arguments;
  const ignored = flags.get('--ignore-preflight-errors')?.split(',') ?? [];
  run.upgrade = {
    targetVersion,
    controlPlane,
    force: flags.has('--force') || flags.has('-f'),
    renewsCertificates: step.certificateRenewal && flags.get('--certificate-renewal') !== 'false',
    ignorePreflightErrors: [...ignored, ...step.ignorePreflightErrors],
    skipPhases: step.skipPhases,
    manifestTimeoutMs: timeoutMs(timeouts.upgradeManifests),
  };
}

function fetchConfiguration(run: KubeadmRun, controlPlane: boolean, prefix: string) {
  const path = controlPlane ? ADMIN_CONF : KUBELET_CONF;
  const kubeconfig = readKubeconfig(readFile(run.host.disk, path));
  if (!kubeconfig) {
    throw new KubeadmFailure(
      `couldn't create a Kubernetes client from file "${path}": failed to load admin kubeconfig: open ${path}: no such file or directory`,
    );
  }
  const answer = askApi(run.world, run.host, kubeconfig);
  if (answer.outcome === 'failed') {
    const text = `Get "${kubeconfig.server}${CONFIG_MAP}": ${answer.text}`;
    throw new KubeadmFailure(`${prefix}: failed to get config map: ${text}`);
  }
  const { configuration } = answer.cluster;
  if (configuration) return { kubeconfig, configuration };
  throw new KubeadmFailure(
    `${prefix}: the ConfigMap "kubeadm-config" in the namespace "kube-system" was not found`,
  );
}

function versionArgument(rest: readonly string[]): string {
  const given = rest.find((word) => /^v?1\.\d+\.\d+$/.test(word));
  if (given) return given.startsWith('v') ? given : `v${given}`;
  throw new KubeadmFailure('missing one or more required arguments. Required arguments: [version]');
}

/** A kubeadm manages clusters of its own minor and of the one before. */
export function refuseTooOldCluster(run: KubeadmRun, cluster: UploadedConfiguration): void {
  const least = minorOf(run.kubeadmVersion) - 1;
  if (minorOf(cluster.kubernetesVersion) >= least) return;
  throw new KubeadmFailure(
    `this version of kubeadm only supports deploying clusters with the control plane version >= 1.${least}.0. Current version: ${cluster.kubernetesVersion}`,
  );
}
