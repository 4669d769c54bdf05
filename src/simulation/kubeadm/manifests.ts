import { type Component, MANIFESTS, manifestPath } from '../paths.ts';
import type { SimulatedMember } from '../simulated-cluster.ts';
import { type KubeadmRun, leave, say } from './run.ts';

/** Manifest of a first member, or of one that joins `others`. */
export function writeEtcdManifest(run: KubeadmRun, others: readonly SimulatedMember[]): void {
  const peerUrl = peerUrlOf(run);
  const cluster = [...others.map((member) => `${member.name || member.id}=${member.peerUrl}`)];
  const flags = {
    name: run.nodeName,
    'advertise-client-urls': `https://${run.advertiseAddress}:2379`,
    'initial-advertise-peer-urls': peerUrl,
    'initial-cluster': [...cluster, `${run.nodeName}=${peerUrl}`].join(','),
    ...(others.length > 0 ? { 'initial-cluster-state': 'existing' } : {}),
  };
  say(run, `[etcd] Creating static Pod manifest for local etcd in "${MANIFESTS}"`);
  writeManifest(run, 'etcd', flags);
}

/** API server, controller manager and scheduler. */
export function writeControlPlaneManifests(run: KubeadmRun): void {
  const { podSubnet, apiServerArgs, controllerManagerArgs } = componentSettings(run);
  say(run, `[control-plane] Using manifest folder "${MANIFESTS}"`);
  writeManifest(run, 'kube-apiserver', {
    'advertise-address': run.advertiseAddress,
    ...apiServerArgs,
  });
  writeManifest(run, 'kube-controller-manager', {
    ...(podSubnet ? { 'allocate-node-cidrs': 'true', 'cluster-cidr': podSubnet } : {}),
    ...controllerManagerArgs,
  });
  writeManifest(run, 'kube-scheduler', {});
}

export function peerUrlOf(run: KubeadmRun): string {
  return `https://${run.advertiseAddress}:2380`;
}

/** As the cluster has them for those who join, as the file has them at init. */
function componentSettings({ discovery, configuration }: KubeadmRun) {
  if (discovery) return discovery.cluster;
  const { networking, apiServer, controllerManager } = configuration.cluster;
  return {
    podSubnet: networking.podSubnet,
    apiServerArgs: apiServer.extraArgs,
    controllerManagerArgs: controllerManager.extraArgs,
  };
}

function writeManifest(
  run: KubeadmRun,
  component: Component,
  flags: Readonly<Record<string, string>>,
): void {
  const command = Object.entries(flags).map(([name, value]) => `    - --${name}=${value}`);
  const lines = [
    'apiVersion: v1',
    'kind: Pod',
    'metadata:',
    `  name: ${component}`,
    '  namespace: kube-system',
    'spec:',
    '  containers:',
    '  - command:',
    `    - ${component}`,
    ...command,
    `    image: registry.k8s.io/${component}:simulated`,
    `    name: ${component}`,
    '  hostNetwork: true',
    '',
  ];
  leave(run, manifestPath(component), lines.join('\n'), 0o600);
}
