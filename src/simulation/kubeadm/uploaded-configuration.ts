import type { UploadedConfiguration } from '../simulated-cluster.ts';
import { readConfiguration } from './configuration.ts';

/**
 * What a kubeadm reads in the ConfigMaps kubeadm-config and kubelet-config; undefined while the first
 * is missing. Throws KubeadmFailure for what it can not read.
 */
export function uploadedConfiguration(
  clusterConfiguration: string | undefined,
  kubeletConfiguration = '',
): UploadedConfiguration | undefined {
  if (clusterConfiguration === undefined) return undefined;
  const { cluster } = readConfiguration(clusterConfiguration);
  readConfiguration(kubeletConfiguration);
  return {
    kubernetesVersion: cluster.kubernetesVersion ?? '',
    controlPlaneEndpoint: cluster.controlPlaneEndpoint,
    podSubnet: cluster.networking.podSubnet,
    apiServerArgs: cluster.apiServer.extraArgs,
    controllerManagerArgs: cluster.controllerManager.extraArgs,
    schedulerArgs: cluster.scheduler.extraArgs,
    featureGates: cluster.featureGates,
    kubeletConfiguration,
  };
}
