import { describe, expect, test } from '@jest/globals';
import { createHostFileSystem } from '../../src/adapters/host-file-system.ts';
import { unitProcesses } from '../../src/adapters/unit-processes.ts';
import { FakeHost } from '../support/fake-host.ts';
import { temporaryFolders } from './temporary-folder.ts';

const newFolder = temporaryFolders();

const layouts = [
  {
    where: 'control groups of version 2',
    groups: '0::/init.scope\n',
    services: 'sys/fs/cgroup/system.slice',
  },
  {
    where: 'control groups of version 1',
    groups: '9:memory:/\n1:name=systemd:/init.scope\n0::/\n',
    services: 'sys/fs/cgroup/systemd/system.slice',
  },
  {
    where: 'a container that sees the paths of its host',
    groups: '1:name=systemd:/machine.slice/machine-n1.scope/init.scope\n',
    services: 'sys/fs/cgroup/systemd/machine.slice/machine-n1.scope/system.slice',
  },
];

describe.each(layouts)('with $where, a unit', ({ groups, services }) => {
  async function host() {
    const machine = new FakeHost(await newFolder());
    await machine.write('proc/1/cgroup', groups);
    await machine.write(`${services}/a.service/cgroup.procs`, '7\n8\n');
    await machine.write(`${services}/b.service/cgroup.procs`, '');
    const files = createHostFileSystem(machine.root);
    return (unit: string) => unitProcesses(files, unit);
  }

  test.each([
    { unit: 'a.service', state: 'with processes', ids: '7\n8\n' },
    { unit: 'b.service', state: 'whose processes ended', ids: '' },
    { unit: 'c.service', state: 'without a group', ids: '' },
  ])('$state has just these', async ({ unit, ids }) => {
    expect(await (await host())(unit)).toBe(ids);
  });
});

describe('what control groups do not tell', () => {
  test.each([
    { when: 'there is no /proc', groups: undefined },
    { when: 'process 1 is no systemd', groups: '1:name=systemd:/\n0::/\n' },
    { when: 'no service has a group where they should be', groups: '0::/init.scope\n' },
  ])('is not guessed when $when', async ({ groups }) => {
    const machine = new FakeHost(await newFolder());
    if (groups !== undefined) await machine.write('proc/1/cgroup', groups);
    expect(await unitProcesses(createHostFileSystem(machine.root), 'a.service')).toBeUndefined();
  });
});
