import { rm, unlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { RunCommand } from '../../src/adapters/execa-exec.ts';
import { createHaproxyBalancer } from '../../src/adapters/haproxy-balancer.ts';
import { createHostFileSystem } from '../../src/adapters/host-file-system.ts';
import { createHostGatewayNetwork } from '../../src/adapters/host-gateway-network.ts';
import { createSystemdReplicas } from '../../src/adapters/nats-systemd-replicas.ts';
import { createRealHost } from '../../src/adapters/real-host.ts';
import { createSystemdUnits } from '../../src/adapters/systemd-units.ts';
import { createVirtualClock, type VirtualClock } from '../../src/simulation/virtual-clock.ts';
import { FakeHost } from '../support/fake-host.ts';
import { JOIN_KEY } from '../support/genesis-record.ts';
import { silentLog } from '../support/silent-log.ts';
import { temporaryFolders } from './temporary-folder.ts';

const VERSION = 'v1.34.4';
const RESYNC_MS = 10_000;
const REPLICA_GROUP = 'sys/fs/cgroup/system.slice/civitas-log-a-1.service/cgroup.procs';
const ROUTE = 'eth0 0003F40A 0300580A 0003 0 0 0 00FFFFFF 0 0 0\n';
const newFolder = temporaryFolders();

let machine: FakeHost;
let clock: VirtualClock;
let started: string[];
let pass: () => Promise<void>;

/** A real host's adapters over a folder, and all that the controllers of a settled node ask of them. */
beforeEach(async () => {
  machine = new FakeHost(await newFolder());
  clock = createVirtualClock();
  started = [];
  await machine.makeReady();
  await machine.write('usr/lib/systemd/system/kubelet.service', '[Service]\n');
  await machine.write('proc/1/cgroup', '0::/init.scope\n');
  await machine.write(REPLICA_GROUP, '7\n');
  machine.systemd.units.set('civitas-log-a-1.service', { ActiveState: 'active' });
  await machine.write('proc/net/route', ROUTE);
  await machine.write('proc/modules', 'nft_masq 16384 1 - Live 0x0\n');
  await machine.write('log/a-1/nats.conf', '');
  const run: RunCommand = (file, args, options) => {
    started.push([file, ...args.filter((word) => !word.startsWith('-'))].slice(0, 2).join(' '));
    return machine.run(file, args, options);
  };
  const { root } = machine;
  const files = createHostFileSystem(root);
  const units = createSystemdUnits(run, files);
  const host = createRealHost({ run, files, units, clock, root });
  const network = createHostGatewayNetwork({ run, files, clock, root });
  const replicas = createSystemdReplicas({
    root: '/log',
    binDir: join(root, 'bin'),
    joinKey: JOIN_KEY,
    server: () => Promise.reject(new Error('nothing is started here')),
    run,
    files,
    clock,
    log: silentLog,
  });
  const balancer = createHaproxyBalancer({
    settings: {
      endpoint: '127.0.0.1:7443',
      socketPath: join(root, 'admin.sock'),
      workerId: null,
    },
    configPath: '/etc/civitas/haproxy/haproxy.cfg',
    process: { start: () => Promise.resolve(), reload: () => Promise.resolve() },
    run,
    files,
    clock,
  });
  pass = async () => {
    await network.observe();
    await balancer.observe();
    await host.check(VERSION);
    await replicas.observe();
  };
});

afterEach(() => machine.stopContainerd());

describe('to observe a settled node', () => {
  test('starts programs at the first pass and none in the next five minutes', async () => {
    await pass();
    expect(started).toContain('ip route');
    expect(started).toContain('nft list');
    started = [];
    for (let passes = 0; passes < 30; passes += 1) {
      await clock.advance(RESYNC_MS);
      await pass();
    }
    expect(started).toEqual([]);
  });

  const changes: {
    readonly what: string;
    readonly change: () => Promise<unknown>;
    readonly asks: string;
  }[] = [
    {
      what: 'a route of the kernel went',
      change: () => machine.write('proc/net/route', ''),
      asks: 'ip route',
    },
    {
      what: 'a rule that masquerades went',
      change: () => machine.write('proc/modules', 'nft_masq 16384 0 - Live 0x0\n'),
      asks: 'nft list',
    },
    {
      what: 'a replica of the log ended',
      change: () => rm(join(machine.root, REPLICA_GROUP)),
      asks: 'systemctl show',
    },
    {
      what: 'a replica of the log was started anew',
      change: () => machine.write(REPLICA_GROUP, '8\n'),
      asks: 'systemctl show',
    },
    {
      what: "the kubelet's unit was written",
      change: () => utimes(join(machine.root, 'usr/lib/systemd/system/kubelet.service'), 1, 1),
      asks: 'systemctl show',
    },
    {
      what: "the kubelet's unit went",
      change: () => unlink(join(machine.root, 'usr/lib/systemd/system/kubelet.service')),
      asks: 'systemctl show',
    },
    {
      what: "the kubelet's unit was masked",
      change: () => machine.write('etc/systemd/system/kubelet.service', ''),
      asks: 'systemctl show',
    },
    {
      what: "the kubelet's unit got a drop-in",
      change: () => machine.write('etc/systemd/system/kubelet.service.d/90-own.conf', ''),
      asks: 'systemctl show',
    },
  ];

  test.each(changes)('asks one program once when $what', async ({ change, asks }) => {
    await pass();
    started = [];
    await change();
    await pass();
    await pass();
    expect(started).toEqual([asks]);
  });

  test('asks again each time while a replica is about to start', async () => {
    machine.systemd.units.set('civitas-log-a-1.service', { ActiveState: 'activating' });
    await pass();
    started = [];
    await pass();
    expect(started).toEqual(['systemctl show']);
  });

  test('asks again each time while systemd has not read what changed', async () => {
    const unit = machine.systemd.units.get('kubelet.service');
    machine.systemd.units.set('kubelet.service', { ...unit, NeedDaemonReload: 'yes' });
    await pass();
    started = [];
    await pass();
    expect(started).toEqual(['systemctl show']);
  });
});
