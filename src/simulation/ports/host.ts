import { TerminalError } from '../../errors.ts';
import type { Host, HostCheck } from '../../ports/host.ts';
import { kubernetesVersions, linkedVersion, linkVersion } from '../kubernetes-binaries.ts';
import { MANIFESTS } from '../paths.ts';
import { settle } from '../settle.ts';
import { putFolder } from '../simulated-disk.ts';
import { lacks, type PoweredHost, swapIsOn } from '../simulated-host.ts';
import { record, type WorldState } from '../world-state.ts';
import { powered } from './powered.ts';

const NAMES: readonly HostCheck['name'][] = [
  'kernel-modules',
  'sysctl',
  'swap',
  'containerd',
  'binaries',
  'manifests-folder',
  'kubelet-service',
  'haproxy',
];

/** The kernel keeps that much of a program's name. */
const LONGEST_PROCESS_NAME = 15;

/** What one simulated host has and lacks. */
export function simulatedHost(world: WorldState, host: string): Host {
  return {
    async check(kubernetesVersion) {
      const machine = powered(world, host);
      return NAMES.map((name) => checkOf(machine, name, kubernetesVersion));
    },

    async prepare(name, kubernetesVersion) {
      const machine = powered(world, host);
      const { state, message } = checkOf(machine, name, kubernetesVersion);
      if (state === 'ok') return;
      if (state === 'missing') throw new TerminalError('host.not-ours', message);
      if (name === 'manifests-folder') putFolder(machine.disk, MANIFESTS);
      if (name === 'binaries') linkVersion(machine, kubernetesVersion, world.clock.nowMs());
      machine.disk.prepared.add(name);
      record(world, host, 'host.prepared', name);
      settle(world);
    },

    async cgroupDriver() {
      return 'systemd';
    },

    async kubeletRunsForMs() {
      const { kubelet } = powered(world, host).runtime;
      return kubelet.running ? world.clock.nowMs() - kubelet.startedAtMs : undefined;
    },

    async restartKubelet() {
      const { kubelet } = powered(world, host).runtime;
      Object.assign(kubelet, { wanted: true, running: false });
      record(world, host, 'service.changed', 'restart kubelet');
      settle(world);
    },

    async controlPlaneProcesses() {
      const { pods } = powered(world, host).runtime;
      return [...pods].map((component) => component.slice(0, LONGEST_PROCESS_NAME));
    },
  };
}

function checkOf(host: PoweredHost, name: HostCheck['name'], version: string): HostCheck {
  switch (name) {
    case 'containerd':
    case 'haproxy':
      if (!lacks(host, name)) return ok(name);
      return missing(name, `${name} is not installed on ${host.name}: install the package ${name}`);
    case 'binaries':
      return binaries(host, version);
    case 'swap':
      if (!swapIsOn(host)) return ok(name);
      return missing(name, `swap is on on ${host.name}: run \`swapoff -a\` and mend /etc/fstab`);
    case 'manifests-folder':
      return host.disk.folders.has(MANIFESTS) ? ok(name) : canPrepare(name);
    case 'kernel-modules':
    case 'sysctl':
    case 'kubelet-service':
      return host.disk.prepared.has(name) ? ok(name) : canPrepare(name);
  }
}

function binaries(host: PoweredHost, version: string): HostCheck {
  if (linkedVersion(host) === version) return ok('binaries');
  if (kubernetesVersions(host).includes(version)) return canPrepare('binaries');
  return missing(
    'binaries',
    `kubeadm, kubelet and kubectl ${version} are not on ${host.name}: install them`,
  );
}

function ok(name: HostCheck['name']): HostCheck {
  return { name, state: 'ok', message: `${name} is as it should be` };
}

function canPrepare(name: HostCheck['name']): HostCheck {
  return { name, state: 'can-prepare', message: `${name} is not set up yet` };
}

function missing(name: HostCheck['name'], message: string): HostCheck {
  return { name, state: 'missing', message };
}
