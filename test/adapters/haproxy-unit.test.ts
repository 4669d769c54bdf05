import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { HaproxyProcess } from '../../src/adapters/haproxy-balancer.ts';
import { createHaproxyUnit } from '../../src/adapters/haproxy-unit.ts';
import { createHostFileSystem } from '../../src/adapters/host-file-system.ts';
import { createSystemdUnits } from '../../src/adapters/systemd-units.ts';
import { FakeSystemd } from '../support/fake-systemd.ts';
import { temporaryFolders } from './temporary-folder.ts';

const UNIT = 'civitas-haproxy.service';
const newFolder = temporaryFolders();

let root: string;
let systemd: FakeSystemd;
let haproxy: HaproxyProcess;

beforeEach(async () => {
  root = await newFolder();
  systemd = new FakeSystemd();
  const units = createSystemdUnits(systemd.run, createHostFileSystem(root));
  haproxy = createHaproxyUnit(units, async () => '/usr/sbin/haproxy', '/etc/haproxy.cfg');
});

describe('the unit of haproxy', () => {
  test('runs now and at each boot, before the kubelet', async () => {
    await haproxy.start();
    expect(systemd.units.get(UNIT)).toMatchObject({
      ActiveState: 'active',
      UnitFileState: 'enabled',
    });
    const text = await readFile(join(root, 'etc/systemd/system', UNIT), 'utf8');
    expect(text).toContain('\nBefore=kubelet.service\n');
    expect(text).toContain('\nExecStart=/usr/sbin/haproxy -Ws -f /etc/haproxy.cfg\n');
  });

  test('that runs is left alone', async () => {
    await haproxy.start();
    systemd.units.set(UNIT, { ...systemd.units.get(UNIT), MainPID: '7' });
    const before = structuredClone(systemd.units);
    await haproxy.start();
    expect(systemd.units).toEqual(before);
  });

  test('that stopped is started again', async () => {
    await haproxy.start();
    systemd.units.set(UNIT, { ...systemd.units.get(UNIT), ActiveState: 'failed' });
    await haproxy.start();
    expect(systemd.units.get(UNIT)).toMatchObject({ ActiveState: 'active' });
  });

  test('that does not start says where to look', async () => {
    systemd.refuses = 'restart';
    await expect(haproxy.start()).rejects.toMatchObject({
      code: 'balancer.not-started',
      retryable: true,
      message: expect.stringContaining('journalctl -u civitas-haproxy.service'),
    });
  });

  test('is not written without the program', async () => {
    const units = createSystemdUnits(systemd.run, createHostFileSystem(root));
    const without = createHaproxyUnit(units, async () => undefined, '/etc/haproxy.cfg');
    await expect(without.start()).rejects.toMatchObject({
      code: 'balancer.not-installed',
      retryable: true,
    });
    expect(systemd.units.size).toBe(0);
  });
});
