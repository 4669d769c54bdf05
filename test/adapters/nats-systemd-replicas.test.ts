import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { RunCommand } from '../../src/adapters/execa-exec.ts';
import { createHostFileSystem } from '../../src/adapters/host-file-system.ts';
import { createSystemdReplicas } from '../../src/adapters/nats-systemd-replicas.ts';
import type { HostFiles } from '../../src/ports/host-files.ts';
import { createVirtualClock } from '../../src/simulation/virtual-clock.ts';
import { FakeSystemd } from '../support/fake-systemd.ts';
import { genesisRecord, JOIN_KEY } from '../support/genesis-record.ts';
import { temporaryFolders } from './temporary-folder.ts';

const newFolder = temporaryFolders();
const record = genesisRecord();
const [replica, second] = record.replicas;

/** A host with systemd, and what was done to it: commands that change something, files written. */
async function host() {
  const folder = await newFolder();
  const systemd = new FakeSystemd();
  const changes: string[] = [];
  const run: RunCommand = (file, args, options) => {
    const words = args.filter((word) => !word.startsWith('--')).join(' ');
    if (!words.startsWith('show')) changes.push(words);
    return systemd.run(file, args, options);
  };
  const disk = createHostFileSystem(folder);
  const files: HostFiles = {
    ...disk,
    write: (path, content, mode) => {
      changes.push(`write ${path} ${mode.toString(8)}`);
      return disk.write(path, content, mode);
    },
  };
  await writeFile(join(folder, 'nats-server'), 'binary');
  const replicas = createSystemdReplicas({
    root: '/log',
    binDir: join(folder, 'bin'),
    joinKey: JOIN_KEY,
    server: async () => ({ path: join(folder, 'nats-server'), version: '2.15.1' }),
    run,
    files,
    clock: createVirtualClock(),
    check: async ({ serverName }) => void changes.push(`check ${serverName}`),
  });
  return { folder, files, systemd, changes, replicas };
}

const UNIT = 'civitas-log-aaaaaaaaaaa-1.service';

describe('replicas as systemd units', () => {
  test('are written, enabled, started and checked, all files of theirs secret', async () => {
    if (!replica) throw new Error('the record has three replicas');
    const { replicas, changes, folder } = await host();
    await replicas.start(replica, record);
    expect(changes).toEqual([
      'write /log/aaaaaaaaaaa-1/ca.pem 600',
      'write /log/aaaaaaaaaaa-1/replica.key 600',
      'write /log/aaaaaaaaaaa-1/replica.pem 600',
      'write /log/aaaaaaaaaaa-1/nats.conf 600',
      `write /etc/systemd/system/${UNIT} 644`,
      `enable ${UNIT}`,
      `start ${UNIT}`,
      'check aaaaaaaaaaa-1',
    ]);
    expect(await readdir(join(folder, 'bin'))).toEqual(['nats-server-2.15.1']);
  });

  test('that run are left alone: nothing is written, nothing is started', async () => {
    if (!replica) throw new Error('the record has three replicas');
    const { replicas, changes } = await host();
    await replicas.start(replica, record);
    changes.length = 0;
    await replicas.start(replica, record);
    expect(changes).toEqual([]);
  });

  test('are started anew when what they are told has changed', async () => {
    if (!replica || !second) throw new Error('the record has three replicas');
    const { replicas, changes } = await host();
    await replicas.start(replica, record);
    changes.length = 0;
    const moved = genesisRecord([replica, { ...second, address: '10.0.0.9' }]);
    await replicas.start(replica, moved);
    expect(changes).toEqual([
      'write /log/aaaaaaaaaaa-1/nats.conf 600',
      `restart ${UNIT}`,
      'check aaaaaaaaaaa-1',
    ]);
  });

  test.each(['replica.pem', 'replica.key'])(
    'get a new certificate when %s is gone',
    async (name) => {
      if (!replica) throw new Error('the record has three replicas');
      const { replicas, changes, files } = await host();
      await replicas.start(replica, record);
      await files.remove(`/log/aaaaaaaaaaa-1/${name}`);
      changes.length = 0;
      await replicas.start(replica, record);
      expect(changes).toEqual([
        'write /log/aaaaaaaaaaa-1/replica.key 600',
        'write /log/aaaaaaaaaaa-1/replica.pem 600',
        `restart ${UNIT}`,
        'check aaaaaaaaaaa-1',
      ]);
    },
  );

  test('are seen as systemd sees them', async () => {
    if (!replica || !second) throw new Error('the record has three replicas');
    const { replicas, systemd } = await host();
    expect(await replicas.observe()).toEqual([]);
    await replicas.start(replica, record);
    await replicas.start(second, record);
    systemd.units.set(UNIT, { ActiveState: 'failed' });
    expect(await replicas.observe()).toEqual([
      { serverName: 'aaaaaaaaaaa-1', running: false },
      { serverName: 'bbbbbbbbbbb-1', running: true },
    ]);
  });

  test('that are stopped do not come back at the next boot, and keep their store', async () => {
    if (!replica) throw new Error('the record has three replicas');
    const { replicas, changes } = await host();
    await replicas.start(replica, record);
    changes.length = 0;
    await replicas.stop(replica.serverName);
    expect(changes).toEqual([`disable ${UNIT}`]);
    expect(await replicas.observe()).toMatchObject([{ serverName: replica.serverName }]);
  });
});
