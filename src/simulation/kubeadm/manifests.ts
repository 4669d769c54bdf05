import { imageOf } from '../kubernetes-releases.ts';
import { COMPONENTS, type Component, MANIFESTS, manifestPath } from '../paths.ts';
import type { SimulatedMember } from '../simulated-cluster.ts';
import { controlPlaneTimeout } from './api-calls.ts';
import { timeoutMs } from './configuration.ts';
import { type KubeadmRun, leave, say } from './run.ts';

const PROBE_PERIOD_MS = 10_000;

/** Manifest of a first member, or of one that joins `others`. */
export function writeEtcdManifest(run: KubeadmRun, others: readonly SimulatedMember[]): void {
  say(run, `[etcd] Creating static Pod manifest for local etcd in "${MANIFESTS}"`);
  leave(run, manifestPath('etcd'), manifestOf(run, 'etcd', others), 0o600);
}

/** API server, controller manager and scheduler. */
export function writeControlPlaneManifests(run: KubeadmRun): void {
  say(run, `[control-plane] Using manifest folder "${MANIFESTS}"`);
  for (const component of COMPONENTS) {
    if (component === 'etcd') continue;
    leave(run, manifestPath(component), manifestOf(run, component), 0o600);
  }
}

/** What kubeadm writes for a component, in the version of the cluster's configuration. */
export function manifestOf(
  run: KubeadmRun,
  component: Component,
  others: readonly SimulatedMember[] = [],
): string {
  const flags = component === 'etcd' ? etcdFlags(run, others) : componentFlags(run, component);
  const image = imageOf(component, componentSettings(run).kubernetesVersion);
  const command = Object.entries(flags).map(([name, value]) => `    - --${name}=${value}`);
  return [
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
    `    image: ${image}`,
    `    name: ${component}`,
    '    startupProbe:',
    `      failureThreshold: ${startupProbes(run)}`,
    '  hostNetwork: true',
    '',
  ].join('\n');
}

/** Only `init` and `join` are told how long a control plane may take to start; it stays in its manifests. */
function startupProbes(run: KubeadmRun): number {
  return Math.ceil(timeoutMs(controlPlaneTimeout(run)) / PROBE_PERIOD_MS);
}

export function peerUrlOf(run: KubeadmRun): string {
  return `https://${run.advertiseAddress}:2380`;
}

function etcdFlags(run: KubeadmRun, others: readonly SimulatedMember[]) {
  const peerUrl = peerUrlOf(run);
  const cluster = others.map((member) => `${member.name || member.id}=${member.peerUrl}`);
  return {
    name: run.nodeName,
    'advertise-client-urls': `https://${run.advertiseAddress}:2379`,
    'initial-advertise-peer-urls': peerUrl,
    'initial-cluster': [...cluster, `${run.nodeName}=${peerUrl}`].join(','),
    ...(others.length > 0 ? { 'initial-cluster-state': 'existing' } : {}),
  };
}

function componentFlags(run: KubeadmRun, component: Component): Readonly<Record<string, string>> {
  const { podSubnet, apiServerArgs, controllerManagerArgs, schedulerArgs } = componentSettings(run);
  if (component === 'kube-apiserver') {
    return { 'advertise-address': run.advertiseAddress, ...apiServerArgs };
  }
  if (component === 'kube-scheduler') return schedulerArgs;
  return {
    ...(podSubnet ? { 'allocate-node-cidrs': 'true', 'cluster-cidr': podSubnet } : {}),
    ...controllerManagerArgs,
  };
}

/** As the cluster has them for those who join, as the file has them at init. */
function componentSettings(run: KubeadmRun) {
  if (run.discovery) return run.discovery.cluster;
  const { networking, apiServer, controllerManager, scheduler } = run.configuration.cluster;
  return {
    kubernetesVersion: run.configuration.cluster.kubernetesVersion ?? run.kubeadmVersion,
    podSubnet: networking.podSubnet,
    apiServerArgs: apiServer.extraArgs,
    controllerManagerArgs: controllerManager.extraArgs,
    schedulerArgs: scheduler.extraArgs,
  };
}
