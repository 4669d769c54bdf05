import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hrtime } from 'node:process';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createHostFileSystem } from '../../src/adapters/host-file-system.ts';
import { createRealHost } from '../../src/adapters/real-host.ts';
import { createSystemClock } from '../../src/adapters/system-clock.ts';
import { createSystemdUnits } from '../../src/adapters/systemd-units.ts';
import type { Host, HostCheck } from '../../src/ports/host.ts';
import { FakeHost } from '../support/fake-host.ts';
import { temporaryFolders } from './temporary-folder.ts';

const VERSION = 'v1.34.4';
const newFolder = temporaryFolders();

let machine: FakeHost;
let host: Host;

beforeEach(async () => {
  machine = new FakeHost(await newFolder());
  await machine.makeReady();
  const { root, run } = machine;
  const files = createHostFileSystem(root);
  const units = createSystemdUnits(run, files);
  host = createRealHost({ run, files, units, clock: createSystemClock(), root });
});

afterEach(() => machine.stopContainerd());

/** What is not ok, by name. */
async function shortcomings(): Promise<Record<string, Pick<HostCheck, 'state' | 'message'>>> {
  const checks = await host.check(VERSION);
  const rest = checks.filter(({ state }) => state !== 'ok');
  return Object.fromEntries(rest.map(({ name, ...finding }) => [name, finding]));
}

function setKubelet(properties: Readonly<Record<string, string>>): void {
  const { units } = machine.systemd;
  units.set('kubelet.service', { ...units.get('kubelet.service'), ...properties });
}

function read(path: string): Promise<string> {
  return readFile(join(machine.root, path), 'utf8');
}

const mentioning = (...words: readonly string[]) =>
  expect.stringMatching(new RegExp(words.map((word) => `(?=.*${word})`).join(''), 's'));

describe('a host', () => {
  test('that has everything lacks nothing', async () => {
    const checks = await host.check(VERSION);
    expect(checks.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'kernel-modules ok',
      'sysctl ok',
      'swap ok',
      'containerd ok',
      'binaries ok',
      'manifests-folder ok',
      'kubelet-service ok',
      'haproxy ok',
    ]);
  });

  const preparable: {
    readonly name: HostCheck['name'];
    readonly when: string;
    readonly spoil: () => Promise<unknown>;
  }[] = [
    {
      name: 'kernel-modules',
      when: 'br_netfilter is a module that is not loaded',
      spoil: async () => {
        await rm(join(machine.root, 'proc/sys/net/bridge'), { recursive: true });
        await machine.install('sbin/modprobe', '');
        await machine.write('lib/modules/br_netfilter', '');
      },
    },
    {
      name: 'sysctl',
      when: 'it does not forward',
      spoil: () => machine.write('proc/sys/net/ipv4/ip_forward', '0\n'),
    },
    {
      name: 'binaries',
      when: 'the version lies in a folder of its own',
      spoil: async () => {
        await rm(join(machine.root, 'usr/local/bin'), { recursive: true });
        await machine.install('usr/local/bin/other', '');
        await machine.installKubernetes('opt/k8s/1.34.4', VERSION);
      },
    },
    {
      name: 'manifests-folder',
      when: 'there is none',
      spoil: () => rm(join(machine.root, 'etc/kubernetes'), { recursive: true }),
    },
    {
      name: 'kubelet-service',
      when: 'there is a unit that does not start at boot',
      spoil: async () => {
        const unit = machine.systemd.units.get('kubelet.service');
        machine.systemd.units.set('kubelet.service', { ...unit, UnitFileState: 'disabled' });
      },
    },
  ];

  test.each(preparable)('prepares $name when $when', async ({ name, spoil }) => {
    await spoil();
    expect(await shortcomings()).toMatchObject({ [name]: { state: 'can-prepare' } });
    await host.prepare(name, VERSION);
    await host.prepare(name, VERSION);
    expect(await shortcomings()).toEqual({});
  });

  test('keeps at boot what it prepared', async () => {
    await machine.write('proc/sys/net/ipv4/ip_forward', '0\n');
    await host.prepare('sysctl', VERSION);
    expect(await read('etc/sysctl.d/90-civitas.conf')).toContain('net.ipv4.ip_forward = 1\n');
    await rm(join(machine.root, 'proc/sys/net/bridge'), { recursive: true });
    await machine.install('sbin/modprobe', '');
    await machine.write('lib/modules/br_netfilter', '');
    await host.prepare('kernel-modules', VERSION);
    await host.prepare('kernel-modules', VERSION);
    expect(await read('etc/modules-load.d/90-civitas.conf')).toBe('br_netfilter\n');
  });

  test('starts containerd that is installed, now and at each boot', async () => {
    await machine.stopContainerd();
    machine.systemd.units.set('containerd.service', { LoadState: 'loaded' });
    expect(await shortcomings()).toMatchObject({ containerd: { state: 'can-prepare' } });
    await machine.startContainerd();
    await host.prepare('containerd', VERSION);
    expect(machine.systemd.units.get('containerd.service')).toEqual({
      LoadState: 'loaded',
      UnitFileState: 'enabled',
      ActiveState: 'active',
    });
  });

  test('writes a kubelet unit where there is none, or one of another kubelet', async () => {
    machine.systemd.units.set('kubelet.service', {
      ...machine.systemd.units.get('kubelet.service'),
      ExecStart: '{ path=/usr/bin/kubelet ; argv[]=/usr/bin/kubelet }',
    });
    expect(await shortcomings()).toMatchObject({ 'kubelet-service': { state: 'can-prepare' } });
    await host.prepare('kubelet-service', VERSION);
    expect(await read('etc/systemd/system/kubelet.service')).toContain('[Install]');
    expect(await read('etc/systemd/system/kubelet.service.d/10-kubeadm.conf')).toContain(
      `\nExecStart=\nExecStart=${machine.root}/usr/local/bin/kubelet $KUBELET_KUBECONFIG_ARGS`,
    );
  });

  test('a setting that its kernel does not have is not asked for', async () => {
    await rm(join(machine.root, 'proc/sys/net/bridge/bridge-nf-call-ip6tables'));
    expect(await shortcomings()).toEqual({});
  });

  test('a program that was replaced is asked for its version again', async () => {
    expect(await shortcomings()).toEqual({});
    await machine.installKubernetes('usr/local/bin', 'v1.34.10');
    expect(await shortcomings()).toMatchObject({
      binaries: { state: 'missing', message: mentioning('v1\\.34\\.10', 'v1\\.34\\.4') },
    });
  });
});

describe('the kubelet of a host', () => {
  test('has run since its process started, also when its unit is older', async () => {
    const startedMs = Number(hrtime.bigint() / 1_000_000n) - 9_000;
    setKubelet({
      ActiveState: 'active',
      ExecMainStartTimestampMonotonic: String(startedMs * 1_000),
    });
    const runsForMs = (await host.kubeletRunsForMs()) ?? 0;
    expect(Math.abs(runsForMs - 9_000)).toBeLessThan(5_000);
  });

  test('that does not run has not run for any time', async () => {
    setKubelet({ ActiveState: 'activating', ExecMainStartTimestampMonotonic: '1' });
    expect(await host.kubeletRunsForMs()).toBeUndefined();
  });

  test('has its unit files read anew by systemd, whose refusal is told', async () => {
    await host.readUnitsAnew();
    machine.systemd.refuses = 'daemon-reload';
    await expect(host.readUnitsAnew()).rejects.toMatchObject({ code: 'systemd.failed' });
  });

  test('is restarted by systemd, whose refusal is told', async () => {
    setKubelet({ ActiveState: 'failed' });
    await host.restartKubelet();
    expect(machine.systemd.units.get('kubelet.service')).toMatchObject({ ActiveState: 'active' });
    machine.systemd.refuses = 'restart';
    await expect(host.restartKubelet()).rejects.toMatchObject({ code: 'systemd.failed' });
  });
});

describe('what a host can not have by itself', () => {
  const hopeless: {
    readonly when: string;
    readonly spoil: () => Promise<unknown>;
    readonly name: HostCheck['name'];
    readonly says: readonly string[];
  }[] = [
    {
      when: 'its kernel has no br_netfilter',
      spoil: () => rm(join(machine.root, 'proc/sys/net/bridge'), { recursive: true }),
      name: 'kernel-modules',
      says: ['br_netfilter', 'install'],
    },
    {
      when: 'swap is on',
      spoil: () => machine.write('proc/swaps', 'Filename\tType\n/dev/sda2\tpartition\t1\t0\t-2\n'),
      name: 'swap',
      says: ['/dev/sda2', 'swapoff -a', 'fstab'],
    },
    {
      when: 'containerd is not installed',
      spoil: () => machine.stopContainerd(),
      name: 'containerd',
      says: ['install containerd'],
    },
    {
      when: 'containerd is masked',
      spoil: async () => {
        await machine.stopContainerd();
        machine.systemd.units.set('containerd.service', { LoadState: 'masked' });
      },
      name: 'containerd',
      says: ['systemctl unmask containerd'],
    },
    {
      when: 'kubelet is masked',
      spoil: async () => {
        machine.systemd.units.set('kubelet.service', { LoadState: 'masked' });
      },
      name: 'kubelet-service',
      says: ['systemctl unmask kubelet'],
    },
    {
      when: 'there are no Kubernetes programs',
      spoil: async () => {
        for (const name of ['kubeadm', 'kubelet', 'kubectl']) {
          await rm(join(machine.root, 'usr/local/bin', name));
        }
      },
      name: 'binaries',
      says: [
        'v1\\.34\\.4',
        'none',
        '/opt/k8s/1\\.34\\.4',
        '/usr/lib/civitas/kubernetes/1\\.34\\.4',
      ],
    },
    {
      when: 'its own programs are of another version and files of their own',
      spoil: async () => {
        await machine.installKubernetes('usr/local/bin', 'v1.33.1');
        await machine.installKubernetes('opt/k8s/1.34.4', VERSION);
      },
      name: 'binaries',
      says: ['/usr/local/bin/kubeadm', 'remove it'],
    },
    {
      when: 'the folder of manifests is a file',
      spoil: async () => {
        await rm(join(machine.root, 'etc/kubernetes'), { recursive: true });
        await machine.write('etc/kubernetes/manifests', '');
      },
      name: 'manifests-folder',
      says: ['/etc/kubernetes/manifests', 'remove it'],
    },
    {
      when: 'haproxy is not installed',
      spoil: () => rm(join(machine.root, 'usr/sbin/haproxy')),
      name: 'haproxy',
      says: ['install haproxy 2\\.6'],
    },
    {
      when: 'haproxy is too old',
      spoil: () => machine.install('usr/sbin/haproxy', 'HAProxy version 2.4.22-0ubuntu0'),
      name: 'haproxy',
      says: ['haproxy 2\\.4', '2\\.6'],
    },
  ];

  test.each(hopeless)('is named with its cure when $when', async ({ spoil, name, says }) => {
    await spoil();
    const found = await shortcomings();
    expect(found[name]).toEqual({ state: 'missing', message: mentioning(...says) });
  });

  test.each(['swap', 'haproxy'] as const)('%s is not for civitas to change', async (name) => {
    await expect(host.prepare(name, VERSION)).rejects.toMatchObject({
      code: 'host.not-ours',
      retryable: false,
    });
  });
});
