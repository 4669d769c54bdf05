import { mkdir, readlink, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createHostFileSystem } from '../../src/adapters/host-file-system.ts';
import { createRealHost } from '../../src/adapters/real-host.ts';
import { createSystemClock } from '../../src/adapters/system-clock.ts';
import { createSystemdUnits } from '../../src/adapters/systemd-units.ts';
import type { Host } from '../../src/ports/host.ts';
import { FakeHost } from '../support/fake-host.ts';
import { temporaryFolders } from './temporary-folder.ts';

const OLD = 'v1.33.13';
const NEW = 'v1.34.4';
const PROGRAMS = ['kubeadm', 'kubelet', 'kubectl'];
const newFolder = temporaryFolders();

let machine: FakeHost;
let host: Host;

/** The older release in use, from a folder of its own; the newer one beside it. */
beforeEach(async () => {
  machine = new FakeHost(await newFolder());
  await machine.makeReady();
  const { root, run } = machine;
  for (const name of PROGRAMS) await unlink(name);
  await machine.installKubernetes('opt/k8s/1.33.13', OLD);
  await machine.installKubernetes('opt/civitas/kubernetes/1.34.4', NEW);
  await link('opt/k8s/1.33.13');
  const files = createHostFileSystem(root);
  const units = createSystemdUnits(run, files);
  host = createRealHost({ run, files, units, clock: createSystemClock(), root });
});

afterEach(() => machine.stopContainerd());

async function unlink(name: string): Promise<void> {
  await createHostFileSystem(machine.root).remove(`/usr/local/bin/${name}`);
}

async function link(folder: string): Promise<void> {
  await mkdir(join(machine.root, 'usr/local/bin'), { recursive: true });
  for (const name of PROGRAMS) {
    await symlink(join(machine.root, folder, name), join(machine.root, 'usr/local/bin', name));
  }
}

function linked(name: string): Promise<string> {
  return readlink(join(machine.root, 'usr/local/bin', name));
}

async function binaries(kubernetesVersion: string, kubeletVersion?: string) {
  const checks = await host.check(kubernetesVersion, kubeletVersion);
  return checks.find(({ name }) => name === 'binaries')?.state;
}

describe('the programs of a release', () => {
  test('are linked all three, and back again', async () => {
    await host.linkKubernetes(NEW);
    const after = await Promise.all(PROGRAMS.map(linked));
    await host.linkKubernetes(OLD);
    expect(after.every((path) => path.includes('/opt/civitas/kubernetes/1.34.4/'))).toBe(true);
    expect(await linked('kubelet')).toContain('/opt/k8s/1.33.13/kubelet');
  });

  test('of a package come back when the links in front of them are taken away', async () => {
    for (const name of PROGRAMS) await unlink(name);
    await machine.installKubernetes('usr/bin', 'v1.33.9');
    await host.linkKubernetes(NEW);
    await host.linkKubernetes('v1.33.9');
    await expect(stat(join(machine.root, 'usr/local/bin/kubelet'))).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });

  test('that are not there change nothing', async () => {
    await expect(host.linkKubernetes('v1.35.0')).rejects.toMatchObject({ code: 'host.binaries' });
    expect(await linked('kubelet')).toContain('/opt/k8s/1.33.13/kubelet');
  });

  test('do not take the place of files that are no links', async () => {
    await unlink('kubelet');
    await machine.install('usr/local/bin/kubelet', `Kubernetes ${OLD}`);
    await expect(host.linkKubernetes(NEW)).rejects.toMatchObject({ code: 'host.binaries' });
    expect(await linked('kubeadm')).toContain('/opt/k8s/1.33.13/kubeadm');
  });

  test('may be of an older one than kubeadm, which lies in its own folder', async () => {
    expect([
      await binaries(NEW, OLD),
      await binaries(NEW),
      await binaries('v1.35.0', OLD),
      await binaries(OLD),
    ]).toEqual(['ok', 'can-prepare', 'missing', 'ok']);
  });
});
