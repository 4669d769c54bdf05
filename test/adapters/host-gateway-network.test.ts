import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { RunCommand } from '../../src/adapters/execa-exec.ts';
import { createHostFileSystem } from '../../src/adapters/host-file-system.ts';
import { createHostGatewayNetwork } from '../../src/adapters/host-gateway-network.ts';
import type { HostFiles } from '../../src/ports/host-files.ts';
import type { PodNetwork } from '../../src/ports/pod-network.ts';
import { createVirtualClock } from '../../src/simulation/virtual-clock.ts';
import { type NetworkNamespace, openNetworkNamespace } from '../support/network-namespace.ts';
import { temporaryFolders } from './temporary-folder.ts';

const probe = await openNetworkNamespace();
await probe?.close();

const newFolder = temporaryFolders();

let root: string;
let namespace: NetworkNamespace;
let network: PodNetwork;

describe(probe ? 'host-gateway network' : 'no network namespace here: the pod network', () => {
  if (probe === undefined) {
    test('is not tested on this machine', () => undefined);
    return;
  }

  beforeEach(async () => {
    root = await newFolder();
    const opened = await openNetworkNamespace();
    if (opened === undefined) throw new Error('the second network namespace was refused');
    namespace = opened;
    network = createHostGatewayNetwork({
      run: namespace.run,
      files: createHostFileSystem(root),
      clock: createVirtualClock(),
      root,
    });
  });

  afterEach(async () => {
    await namespace.close();
  });

  test('a fresh host has nothing of ours', async () => {
    expect(await network.observe()).toMatchObject({
      routes: [],
      cniPodCidr: null,
      masqueradeFor: null,
    });
  });

  test('a route is added, changed and removed, each any number of times', async () => {
    const route = { podCidr: '10.244.3.0/24', via: '10.88.0.3' };
    const moved = { podCidr: '10.244.3.0/24', via: '10.88.0.4' };
    await network.addRoute(route);
    await network.addRoute(route);
    expect((await network.observe()).routes).toEqual([route]);
    await network.addRoute(moved);
    expect((await network.observe()).routes).toEqual([moved]);
    await network.removeRoute(route);
    expect((await network.observe()).routes).toEqual([moved]);
    await network.removeRoute(moved);
    await network.removeRoute(moved);
    expect((await network.observe()).routes).toEqual([]);
  });

  test('routes of others are neither seen nor removed', async () => {
    const args = ['route', 'add', '10.244.9.0/24', 'via', '10.88.0.9'];
    await namespace.run('ip', args, { timeoutMs: 5_000 });
    await network.removeRoute({ podCidr: '10.244.9.0/24', via: '10.88.0.9' });
    expect((await network.observe()).routes).toEqual([]);
    const { stdout } = await namespace.run('ip', ['route', 'show'], { timeoutMs: 5_000 });
    expect(stdout).toContain('10.244.9.0/24 via 10.88.0.9');
  });

  test('`ip` is asked again only when the routes of the kernel changed', async () => {
    const asked: string[] = [];
    const run: RunCommand = (file, args, options) => {
      asked.push(file);
      return namespace.run(file, args, options);
    };
    const kernelRoutes = async () => {
      const { stdout } = await namespace.run('cat', ['/proc/net/route'], { timeoutMs: 5_000 });
      return stdout;
    };
    const disk = createHostFileSystem(root);
    const read = (path: string) => (path === '/proc/net/route' ? kernelRoutes() : disk.read(path));
    const files: HostFiles = { ...disk, read };
    const settled = createHostGatewayNetwork({ run, files, clock: createVirtualClock(), root });
    const route = { podCidr: '10.244.3.0/24', via: '10.88.0.3' };
    await settled.addRoute(route);
    expect((await settled.observe()).routes).toEqual([route]);
    asked.length = 0;
    expect((await settled.observe()).routes).toEqual([route]);
    expect(asked).toEqual([]);
    await namespace.run('ip', ['route', 'delete', route.podCidr], { timeoutMs: 5_000 });
    expect((await settled.observe()).routes).toEqual([]);
    expect(asked).toEqual(['ip']);
  });

  test('a gateway that no link leads to is refused', async () => {
    await expect(
      network.addRoute({ podCidr: '10.244.3.0/24', via: '192.0.2.1' }),
    ).rejects.toMatchObject({ code: 'pod-network.route', retryable: true });
  });

  test('masquerading is set anew for another subnet, in one rule', async () => {
    await network.masquerade('10.200.0.0/16');
    await network.masquerade('10.244.0.0/16');
    await network.masquerade('10.244.0.0/16');
    expect((await network.observe()).masqueradeFor).toBe('10.244.0.0/16');
    const { stdout } = await namespace.run('nft', ['list', 'ruleset'], { timeoutMs: 5_000 });
    expect(stdout.match(/ masquerade/g)).toHaveLength(1);
    expect(stdout).not.toContain('10.200.0.0');
  });

  test('all of it is cleared, any number of times, and nothing of others', async () => {
    const ip = (...args: readonly string[]) => namespace.run('ip', args, { timeoutMs: 5_000 });
    const tables = 'add table ip kube-proxy\nadd table ip6 kube-proxy\nadd table ip others\n';
    await namespace.run('nft', ['--file', '-'], { timeoutMs: 5_000, input: tables });
    await ip('link', 'add', 'cni0', 'type', 'bridge');
    await ip('route', 'add', '10.244.9.0/24', 'via', '10.88.0.9');
    await network.addRoute({ podCidr: '10.244.3.0/24', via: '10.88.0.3' });
    await network.masquerade('10.244.0.0/16');
    const files = createHostFileSystem(root);
    await files.write('/etc/cni/net.d/10-civitas.conflist', '{}', 0o644);
    await files.write('/var/lib/cni/networks/civitas/10.244.1.2', 'x', 0o600);

    await network.clear();
    await network.clear();

    const options = { timeoutMs: 5_000 };
    const ruleset = await namespace.run('nft', ['list', 'tables'], options);
    const links = await ip('link', 'show');
    const routes = await ip('route', 'show');
    expect(await network.observe()).toMatchObject({
      routes: [],
      cniPodCidr: null,
      masqueradeFor: null,
    });
    expect(ruleset.stdout.trim()).toBe('table ip others');
    expect([links.stdout.includes('cni0'), await files.list('/var/lib/cni')]).toEqual([false, []]);
    expect(routes.stdout).toContain('10.244.9.0/24 via 10.88.0.9');
  });

  test('without CNI plugins none is configured, and those missing are named', async () => {
    await expect(network.installCni('10.244.1.0/24')).rejects.toMatchObject({
      code: 'pod-network.plugins-missing',
      message: expect.stringContaining('bridge, host-local, loopback, portmap'),
    });
    expect((await network.observe()).cniPodCidr).toBeNull();
  });

  test('the CNI configuration names the pod network it was installed for', async () => {
    await mkdir(join(root, 'usr/lib/cni'), { recursive: true });
    for (const plugin of ['bridge', 'host-local', 'loopback', 'portmap']) {
      await writeFile(join(root, 'usr/lib/cni', plugin), '', { mode: 0o755 });
    }
    await network.installCni('10.244.1.0/24');
    expect((await network.observe()).cniPodCidr).toBe('10.244.1.0/24');
  });
});
