import { RetryableError, TerminalError } from '../../errors.ts';
import type { Host, HostCheck } from '../../ports/host.ts';
import { kubernetesVersions, linkedVersion, linkVersion } from '../kubernetes-binaries.ts';
import { type Component, MANIFESTS } from '../paths.ts';
import { keepsSettings, writePrepared } from '../prepared-files.ts';
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

const STOP_ORDER: readonly Component[] = [
  'kube-scheduler',
  'kube-controller-manager',
  'kube-apiserver',
  'etcd',
];
/** Four of them took 4 to 6 s in the lab. */
const ENDS_WITHIN_MS = 1_200;

/** The kernel keeps that much of a program's name. */
const LONGEST_PROCESS_NAME = 15;

/** What one simulated host has and lacks. */
export function simulatedHost(world: WorldState, host: string): Host {
  return {
    async check(kubernetesVersion, kubeletVersion = kubernetesVersion) {
      const machine = powered(world, host);
      const wanted = [kubernetesVersion, kubeletVersion] as const;
      return NAMES.map((name) => checkOf(machine, name, wanted));
    },

    async prepare(name, kubernetesVersion, kubeletVersion = kubernetesVersion) {
      const machine = powered(world, host);
      const { state, message } = checkOf(machine, name, [kubernetesVersion, kubeletVersion]);
      if (state === 'ok') return;
      if (state === 'missing') throw new TerminalError('host.not-ours', message);
      if (name === 'manifests-folder') putFolder(machine.disk, MANIFESTS);
      if (name === 'binaries') linkVersion(machine, kubeletVersion, world.clock.nowMs());
      machine.disk.prepared.add(name);
      writePrepared(machine, name, world.clock.nowMs());
      record(world, host, 'host.prepared', name);
      settle(world);
    },

    async linkKubernetes(version) {
      const machine = powered(world, host);
      const { state, message } = binaries(machine, [version, version]);
      if (state === 'missing') throw new RetryableError('host.binaries', message);
      if (state === 'ok') return;
      linkVersion(machine, version, world.clock.nowMs());
      record(world, host, 'kubernetes.linked', version);
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

    async stopStaticPods() {
      const { kubelet } = powered(world, host).runtime;
      Object.assign(kubelet, { wanted: false, running: false });
      record(world, host, 'service.changed', 'stop kubelet');
      settle(world);
      for (const component of STOP_ORDER) {
        if (!powered(world, host).runtime.pods.has(component)) continue;
        await world.clock.sleep(ENDS_WITHIN_MS / world.speed);
        powered(world, host).runtime.pods.delete(component);
        record(world, host, 'pod.terminated', component);
        settle(world);
      }
    },

    async readUnitsAnew() {
      powered(world, host);
      record(world, host, 'service.changed', 'daemon-reload');
    },

    async controlPlaneProcesses() {
      const { pods } = powered(world, host).runtime;
      return [...pods].map((component) => component.slice(0, LONGEST_PROCESS_NAME));
    },
  };
}

/** Of kubeadm, and of the kubelet beside it. */
type WantedVersions = readonly [kubeadm: string, kubelet: string];

function checkOf(host: PoweredHost, name: HostCheck['name'], wanted: WantedVersions): HostCheck {
  switch (name) {
    case 'containerd':
    case 'haproxy':
      if (!lacks(host, name)) return ok(name);
      return missing(name, `${name} is not installed on ${host.name}: install the package ${name}`);
    case 'binaries':
      return binaries(host, wanted);
    case 'swap':
      if (!swapIsOn(host)) return ok(name);
      return missing(name, `swap is on on ${host.name}: run \`swapoff -a\` and mend /etc/fstab`);
    case 'manifests-folder':
      return host.disk.folders.has(MANIFESTS) ? ok(name) : canPrepare(name);
    case 'sysctl':
      return host.disk.prepared.has(name) && keepsSettings(host) ? ok(name) : canPrepare(name);
    case 'kernel-modules':
    case 'kubelet-service':
      return host.disk.prepared.has(name) ? ok(name) : canPrepare(name);
  }
}

function binaries(host: PoweredHost, wanted: WantedVersions): HostCheck {
  const lacking = wanted.find((version) => !kubernetesVersions(host).includes(version));
  if (lacking === undefined) {
    return linkedVersion(host) === wanted[1] ? ok('binaries') : canPrepare('binaries');
  }
  return missing(
    'binaries',
    `kubeadm, kubelet and kubectl ${lacking} are not on ${host.name}: install them`,
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
