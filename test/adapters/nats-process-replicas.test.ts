import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { createHostFileSystem } from '../../src/adapters/host-file-system.ts';
import { logCredentials } from '../../src/adapters/nats-credentials.ts';
import { startServer } from '../../src/adapters/nats-process.ts';
import {
  createProcessReplicas,
  type ProcessReplicas,
} from '../../src/adapters/nats-process-replicas.ts';
import {
  examineReplica,
  type ReplicaExamination,
} from '../../src/adapters/nats-replica-examination.ts';
import { writeReplicaFolder } from '../../src/adapters/nats-replica-folder.ts';
import { ensureNatsServer } from '../../src/adapters/nats-server-binary.ts';
import { createSystemClock } from '../../src/adapters/system-clock.ts';
import type { GenesisRecord, Replica } from '../../src/state/genesis-record.ts';
import { freePorts } from '../support/free-ports.ts';
import { genesisRecord, JOIN_KEY } from '../support/genesis-record.ts';
import { silentLog } from '../support/silent-log.ts';
import { temporaryFolders } from './temporary-folder.ts';

jest.setTimeout(30_000);

const newFolder = temporaryFolders();
const files = createHostFileSystem('/');
const clock = createSystemClock();
const begun: ProcessReplicas[] = [];

afterEach(async () => {
  await Promise.all(begun.splice(0).map((replicas) => replicas.stopAll()));
});

/** One replica of three, which is enough to see how it is run. */
async function oneReplica() {
  const { path } = await ensureNatsServer({ onProgress: () => undefined });
  const root = await newFolder();
  const [clientPort = 0, routePort = 0] = await freePorts(2);
  const record = genesisRecord(
    genesisRecord().replicas.map((each) => {
      return { ...each, address: '127.0.0.1', clientPort, routePort };
    }),
  );
  const [replica] = record.replicas;
  if (!replica) throw new Error('the record has three replicas');
  const serverPath = async () => path;
  const run = () => {
    const options = { root, joinKey: JOIN_KEY, serverPath, files, clock, log: silentLog };
    const replicas = createProcessReplicas(options);
    begun.push(replicas);
    return replicas;
  };
  const folder = join(root, replica.serverName);
  const pid = async () => Number(await readFile(join(folder, 'pid'), 'utf8'));
  return { path, root, folder, record, replica, run, pid };
}

describe('a replica as a process', () => {
  test('that runs is left alone', async () => {
    const { record, replica, run, pid, folder } = await oneReplica();
    const replicas = run();
    await replicas.start(replica, record);
    await answering(replica, record);
    const before = [await pid(), (await stat(join(folder, 'nats.conf'))).mtimeMs];
    await replicas.start(replica, record);
    expect([await pid(), (await stat(join(folder, 'nats.conf'))).mtimeMs]).toEqual(before);
    expect(await replicas.observe()).toEqual([{ serverName: replica.serverName, running: true }]);
  });

  test('that is killed comes back, and one that is stopped does not', async () => {
    const { record, replica, run, pid } = await oneReplica();
    const replicas = run();
    await replicas.start(replica, record);
    await answering(replica, record);
    const before = await pid();
    process.kill(before, 'SIGKILL');
    while ((await pid()) === before) await delay(20);
    await replicas.stop(replica.serverName);
    expect(await replicas.observe()).toEqual([{ serverName: replica.serverName, running: false }]);
  });

  test('that an earlier agent left behind is ended first, as two must never have one store', async () => {
    const { path, folder, root, record, replica, run, pid } = await oneReplica();
    const ownProcess = { logFile: join(folder, 'log'), pidFile: join(folder, 'pid') };
    await writeReplicaFolder({ files, joinKey: JOIN_KEY, root, ownProcess }, replica, record);
    const leftover = spawn(path, ['--config', join(folder, 'nats.conf')], { stdio: 'ignore' });
    const ended = once(leftover, 'exit');
    await answering(replica, record);
    await run().start(replica, record);
    await ended;
    await answering(replica, record);
    expect(await pid()).not.toBe(leftover.pid);
  });

  test('that would confirm what is not on disk is unfit', async () => {
    const { path, folder, root, record, replica } = await oneReplica();
    await writeReplicaFolder({ files, joinKey: JOIN_KEY, root }, replica, record);
    const configuration = join(folder, 'nats.conf');
    const text = await readFile(configuration, 'utf8');
    await writeFile(configuration, text.replace('sync_interval: always', ''));
    const server = await startServer([path, '--config', configuration], clock);
    const seen = await answering(replica, record);
    await server.stop();
    expect(seen).toMatchObject({ type: 'unfit', problem: { reason: 'log.not-durable' } });
  });

  test("that waits for the other two is unwell, which is nobody's fault", async () => {
    const { record, replica, run } = await oneReplica();
    const replicas = run();
    await replicas.start(replica, record);
    expect(await answering(replica, record)).toMatchObject({ type: 'unwell' });
    expect(await replicas.observe()).toEqual([{ serverName: replica.serverName, running: true }]);
  });

  test.each([
    { who: 'without the join key', joinKey: new Uint8Array(32), account: 'system' as const },
    { who: 'as a client', joinKey: JOIN_KEY, account: 'client' as const },
  ])('tells nothing about itself to one who asks $who', async ({ joinKey, account }) => {
    const { record, replica, run } = await oneReplica();
    await run().start(replica, record);
    await answering(replica, record);
    const credentials = logCredentials(joinKey, record, 'zzzzzzzzzzz', account);
    expect(await examineReplica(replica, credentials)).toMatchObject({ type: 'silent' });
  });
});

/** What a replica that was just started says of itself as soon as it answers. */
async function answering(replica: Replica, record: GenesisRecord): Promise<ReplicaExamination> {
  const credentials = logCredentials(JOIN_KEY, record, replica.nodeId, 'system');
  for (;;) {
    const seen = await examineReplica(replica, credentials);
    if (seen.type !== 'silent') return seen;
    await delay(20);
  }
}
