import { once } from 'node:events';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { basename, dirname, join } from 'node:path';
import type { RunCommand } from '../../src/adapters/execa-exec.ts';
import { FakeSystemd } from './fake-systemd.ts';

const KUBELET_UNIT = {
  LoadState: 'loaded',
  ActiveState: 'inactive',
  UnitFileState: 'enabled',
  DropInPaths: '/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf',
};

/** A host in a folder. A program of it says what stands in its file. */
export class FakeHost {
  readonly systemd = new FakeSystemd();
  readonly root: string;
  #containerd: Server | undefined;

  constructor(root: string) {
    this.root = root;
  }

  readonly run: RunCommand = async (file, args, options) => {
    if (basename(file) === 'modprobe') return this.#modprobe(args);
    if (!file.startsWith(this.root)) return this.systemd.run(file, args, options);
    return { exitCode: 0, stdout: await readFile(file, 'utf8'), stderr: '' };
  };

  /** Everything in place for Kubernetes v1.34.4. */
  async makeReady(): Promise<void> {
    await this.write('proc/filesystems', 'nodev\tproc\nnodev\toverlay\n');
    await this.write('proc/swaps', 'Filename\tType\tSize\tUsed\tPriority\n');
    await this.write('proc/sys/net/ipv4/ip_forward', '1\n');
    await this.write('proc/sys/net/bridge/bridge-nf-call-iptables', '1\n');
    await this.write('proc/sys/net/bridge/bridge-nf-call-ip6tables', '1\n');
    await this.installKubernetes('usr/local/bin', 'v1.34.4');
    await this.install('usr/sbin/haproxy', 'HAProxy version 3.0.11 2026/05/20');
    await mkdir(join(this.root, 'etc/kubernetes/manifests'), { recursive: true });
    const program = join(this.root, 'usr/local/bin/kubelet');
    const ExecStart = `{ path=${program} ; argv[]=${program} $KUBELET_CONFIG_ARGS }`;
    this.systemd.units.set('kubelet.service', { ...KUBELET_UNIT, ExecStart });
    await this.startContainerd();
  }

  async write(path: string, content: string): Promise<void> {
    await mkdir(dirname(join(this.root, path)), { recursive: true });
    await writeFile(join(this.root, path), content);
  }

  async install(path: string, says: string): Promise<void> {
    await mkdir(dirname(join(this.root, path)), { recursive: true });
    await writeFile(join(this.root, path), says, { mode: 0o755 });
  }

  async installKubernetes(folder: string, version: string): Promise<void> {
    await this.install(`${folder}/kubeadm`, version);
    await this.install(`${folder}/kubelet`, `Kubernetes ${version}`);
    await this.install(
      `${folder}/kubectl`,
      `Client Version: ${version}\nKustomize Version: v5.7.1`,
    );
  }

  async startContainerd(): Promise<void> {
    const socket = join(this.root, 'run/containerd/containerd.sock');
    await mkdir(dirname(socket), { recursive: true });
    this.#containerd = createServer((connection) => connection.destroy()).listen(socket);
    await once(this.#containerd, 'listening');
  }

  async stopContainerd(): Promise<void> {
    if (this.#containerd === undefined) return;
    this.#containerd.close();
    await once(this.#containerd, 'close');
    this.#containerd = undefined;
  }

  /** Has br_netfilter when /lib/modules says so. */
  async #modprobe(args: readonly string[]) {
    const has = await stat(join(this.root, 'lib/modules/br_netfilter')).catch(() => undefined);
    if (has === undefined) return { exitCode: 1, stdout: '', stderr: 'not found' };
    if (!args.includes('--dry-run')) {
      await this.write('proc/sys/net/bridge/bridge-nf-call-iptables', '1\n');
    }
    return { exitCode: 0, stdout: '', stderr: '' };
  }
}
