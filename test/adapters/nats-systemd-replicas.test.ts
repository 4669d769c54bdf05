import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import type { RunCommand } from '../../src/adapters/execa-exec.ts';
import { createHostFileSystem } from '../../src/adapters/host-file-system.ts';
import type { ReplicaExamination } from '../../src/adapters/nats-replica-examination.ts';
import { createSystemdReplicas } from '../../src/adapters/nats-systemd-replicas.ts';
import type { HostFiles } from '../../src/ports/host-files.ts';
import { createVirtualClock } from '../../src/simulation/virtual-clock.ts';
import type { Replica } from '../../src/state/genesis-record.ts';
import { FakeSystemd } from '../support/fake-systemd.ts';
import { genesisRecord, JOIN_KEY } from '../support/genesis-record.ts';
import { silentLog } from '../support/silent-log.ts';
import { temporaryFolders } from './temporary-folder.ts';

const newFolder = temporaryFolders();
const record = genesisRecord();
const [replica, second] = record.replicas;

/** A host with systemd, and what was done to it: commands that change something, files written. */
async function host(examination = (): ReplicaExamination => ({ type: 'fit' })) {
  const folder = await newFolder();
  const clock = createVirtualClock();
  const systemd = new FakeSystemd();
  const changes: string[] = [];
  const run: RunCommand = (file, args, options) => {
    const words = args.filter((word) => !word.startsWith('--')).join(' ');
    if (file !== 'journalctl' && !words.startsWith('show')) changes.push(words);
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
  const options = {
    root: '/log',
    binDir: join(folder, 'bin'),
    joinKey: JOIN_KEY,
    server: async () => ({ path: join(folder, 'nats-server'), version: '2.15.1' }),
    run,
    files,
    clock,
    log: silentLog,
    questions: {
      examine: async ({ serverName }: Replica) => {
        changes.push(`examine ${serverName}`);
        return examination();
      },
      othersHoldAll: async () => true,
      portHolder: async () => undefined,
    },
  };
  const again = () => createSystemdReplicas(options);
  return { folder, files, systemd, changes, clock, again, replicas: again() };
}

const UNIT = 'civitas-log-aaaaaaaaaaa-1.service';

describe('replicas as systemd units', () => {
  test('are written and started, all files of theirs secret, and by no boot', async () => {
    if (!replica) throw new Error('the record has three replicas');
    const { replicas, changes, folder } = await host();
    await replicas.start(replica, record);
    expect(changes).toEqual([
      'write /log/aaaaaaaaaaa-1/genesis-record 600',
      'write /log/aaaaaaaaaaa-1/ca.pem 600',
      'write /log/aaaaaaaaaaa-1/replica.key 600',
      'write /log/aaaaaaaaaaa-1/replica.pem 600',
      'write /log/aaaaaaaaaaa-1/nats.conf 600',
      `write /etc/systemd/system/${UNIT} 644`,
      'daemon-reload',
      `start ${UNIT}`,
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
      'write /log/aaaaaaaaaaa-1/genesis-record 600',
      'write /log/aaaaaaaaaaa-1/nats.conf 600',
      `restart ${UNIT}`,
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
      ]);
    },
  );

  test('are seen as systemd sees them once they serve, and as being brought up before', async () => {
    if (!replica || !second) throw new Error('the record has three replicas');
    const { replicas, systemd, clock } = await host();
    expect(await replicas.observe()).toEqual([]);
    await replicas.start(replica, record);
    await replicas.start(second, record);
    systemd.units.set(UNIT, { ActiveState: 'failed' });
    const seen = (running: boolean) => [
      { serverName: 'aaaaaaaaaaa-1', running },
      { serverName: 'bbbbbbbbbbb-1', running: true },
    ];
    expect(await replicas.observe()).toEqual(seen(true));
    await clock.advance(1_000);
    expect(await replicas.observe()).toEqual(seen(false));
  });

  test('are no longer started by boots, as an earlier release had it', async () => {
    if (!replica) throw new Error('the record has three replicas');
    const { replicas, systemd, changes } = await host();
    await replicas.start(replica, record);
    systemd.units.set(UNIT, { LoadState: 'loaded', UnitFileState: 'enabled' });
    changes.length = 0;
    await replicas.start(replica, record);
    expect(changes).toEqual([`disable ${UNIT}`, `start ${UNIT}`]);
  });

  test('that run are told of other places without a restart', async () => {
    if (!replica || !second) throw new Error('the record has three replicas');
    const { replicas, changes } = await host();
    await replicas.start(replica, record);
    changes.length = 0;
    await replicas.refresh(replica, genesisRecord([replica, { ...second, address: '10.0.0.9' }]));
    expect(changes).toEqual([
      'write /log/aaaaaaaaaaa-1/genesis-record 600',
      'write /log/aaaaaaaaaaa-1/nats.conf 600',
    ]);
  });

  test('are stopped before they are told of another address of their host, and started there', async () => {
    if (!replica) throw new Error('the record has three replicas');
    const { replicas, changes } = await host();
    await replicas.start(replica, record);
    changes.length = 0;
    const moved = { ...replica, address: '10.0.0.9' };
    await replicas.refresh(moved, genesisRecord([moved]));
    expect(changes).toEqual([
      `stop ${UNIT}`,
      'write /log/aaaaaaaaaaa-1/genesis-record 600',
      'write /log/aaaaaaaaaaa-1/replica.key 600',
      'write /log/aaaaaaaaaaa-1/replica.pem 600',
      'write /log/aaaaaaaaaaa-1/nats.conf 600',
      `restart ${UNIT}`,
    ]);
  });

  test('that lost their place are stopped, and nothing of them is left', async () => {
    if (!replica) throw new Error('the record has three replicas');
    const { replicas, changes, files } = await host();
    await replicas.start(replica, record);
    changes.length = 0;
    await replicas.discard(replica.serverName);
    await replicas.discard(replica.serverName);
    expect(changes.slice(0, 2)).toEqual([`stop ${UNIT}`, 'daemon-reload']);
    expect(await files.list('/log')).toEqual([]);
    expect(await files.read(`/etc/systemd/system/${UNIT}`)).toBeUndefined();
    expect(await replicas.observe()).toEqual([]);
  });

  test('that run when the agent starts are looked at, and not touched', async () => {
    if (!replica) throw new Error('the record has three replicas');
    const problem = { reason: 'log.not-durable', message: 'it does not write' };
    const { replicas, again, changes, clock } = await host(() => ({ type: 'unfit', problem }));
    await replicas.start(replica, record);
    await replicas.close();
    changes.length = 0;
    const next = again();
    expect(await next.observe()).toEqual([{ serverName: 'aaaaaaaaaaa-1', running: true }]);
    await clock.advance(600);
    expect(await next.observe()).toEqual([{ serverName: 'aaaaaaaaaaa-1', running: true, problem }]);
    expect(changes).toEqual(['examine aaaaaaaaaaa-1']);
  });

  test('that do not come up get what is damaged in their folder anew, without being asked for', async () => {
    if (!replica) throw new Error('the record has three replicas');
    const { replicas, changes, files, clock } = await host(() => ({ type: 'silent', reason: '-' }));
    await replicas.start(replica, record);
    await files.write('/log/aaaaaaaaaaa-1/ca.pem', 'damaged', 0o600);
    changes.length = 0;
    await clock.advance(600);
    while (!changes.includes(`restart ${UNIT}`)) await delay(5); // the files are real
    expect(changes).toEqual([
      'examine aaaaaaaaaaa-1',
      'write /log/aaaaaaaaaaa-1/ca.pem 600',
      `restart ${UNIT}`,
    ]);
  });

  test('that are stopped do not come back at the next boot, and keep their store', async () => {
    if (!replica) throw new Error('the record has three replicas');
    const { replicas, changes } = await host();
    await replicas.start(replica, record);
    changes.length = 0;
    await replicas.stop(replica.serverName);
    expect(changes).toEqual([`stop ${UNIT}`]);
    expect(await replicas.observe()).toMatchObject([{ serverName: replica.serverName }]);
  });

  test('that are stopped for good have nothing left to start from, even if the boot tries', async () => {
    if (!replica) throw new Error('the record has three replicas');
    const { replicas, again, changes, files, systemd, clock } = await host();
    await replicas.start(replica, record);
    changes.length = 0;
    expect(await replicas.retire(replica.serverName)).toBe('unused');
    expect(changes).toEqual([`stop ${UNIT}`]);
    expect(await files.list(`/log/${replica.serverName}`)).toEqual([
      'ca.pem',
      'replica.key',
      'replica.pem',
    ]);

    // The power failed before the disk knew that the unit was disabled.
    systemd.units.set(UNIT, { LoadState: 'loaded', ActiveState: 'active' });
    changes.length = 0;
    await again().observe();
    await clock.advance(60_000);
    expect(changes).toEqual([]);
  });

  test('are retired where they were never started', async () => {
    const { replicas, changes } = await host();
    expect([await replicas.retire('aaaaaaaaaaa-9'), changes]).toEqual(['unused', []]);
  });
});
