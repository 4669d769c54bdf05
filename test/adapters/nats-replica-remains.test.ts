import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { remainsOf } from '../../src/adapters/nats-replica-remains.ts';
import { createLogReplicas, type LogReplicas } from '../support/log-replicas.ts';
import { eventually } from '../support/process-poll.ts';
import { temporaryFolders } from './temporary-folder.ts';

// The replicas of a log that lost its first election wait for some seconds.
jest.setTimeout(60_000);

const newFolder = temporaryFolders();
const begun: LogReplicas[] = [];

afterEach(async () => {
  await Promise.all(begun.splice(0).map((replicas) => replicas.destroy()));
});

async function newReplicas(): Promise<LogReplicas> {
  const replicas = await createLogReplicas();
  begun.push(replicas);
  return replicas;
}

describe('what a replica leaves', () => {
  const group = 'store/jetstream/SYS/_js_/S-R3F-abc';

  test.each([
    { what: 'nothing at all', file: undefined, size: 0, remains: 'unused' },
    { what: 'its configuration', file: 'nats.conf', size: 900, remains: 'unused' },
    {
      what: 'an election of the group that manages the buckets',
      file: 'store/jetstream/SYS/_js_/_meta_/msgs/2.blk',
      size: 30,
      remains: 'unused',
    },
    { what: 'an empty bucket', file: `${group}/msgs/1.blk`, size: 0, remains: 'unused' },
    { what: 'a vote in a bucket', file: `${group}/tav.idx`, size: 16, remains: 'unused' },
    { what: 'an election of a bucket', file: `${group}/msgs/1.blk`, size: 112, remains: 'used' },
    {
      what: 'a bucket of which the log was shortened',
      file: `${group}/snapshots/snap.1.1`,
      size: 70,
      remains: 'used',
    },
    {
      what: 'an entry',
      file: 'store/jetstream/CIV/streams/KV_log/msgs/1.blk',
      size: 108,
      remains: 'used',
    },
    {
      what: 'an entry in a store that was set aside',
      file: 'quarantine/store-1/jetstream/CIV/streams/KV_log/msgs/1.blk',
      size: 108,
      remains: 'used',
    },
  ])('$what: $remains', async ({ file, size, remains }) => {
    const folder = await newFolder();
    if (file !== undefined) {
      await mkdir(join(folder, dirname(file)), { recursive: true });
      await writeFile(join(folder, file), Buffer.alloc(size));
    }
    expect(await remainsOf(folder)).toBe(remains);
  });

  test('a folder that was never made: unused', async () => {
    expect(await remainsOf(join(await newFolder(), 'none'))).toBe('unused');
  });

  test('what can not be read is told, and not taken for nothing', async () => {
    const file = join(await newFolder(), 'file');
    await writeFile(file, '');
    await expect(remainsOf(file)).rejects.toMatchObject({ code: 'log.store-unread' });
  });
});

describe('nats-server leaves', () => {
  const folderOf = ({ folder, record }: LogReplicas, index: number) => {
    const { nodeId = '', serverName = '' } = record.replicas[index] ?? {};
    return join(folder, nodeId, serverName);
  };

  test('nothing as long as one of three replicas never came', async () => {
    const replicas = await newReplicas();
    await Promise.all([0, 1].map(replicas.start));
    const log = replicas.open('nobody');
    const twoAnswer = () => log.whyWaiting()?.includes('2 of 3 replicas answer') || undefined;
    await eventually(twoAnswer, () => `they do not answer: ${log.whyWaiting()}`);
    expect(await Promise.all([0, 1].map((index) => replicas.retire(index)))).toEqual([
      'unused',
      'unused',
    ]);
  });

  test('something on two replicas at least once a write was acknowledged, and nothing to start it with', async () => {
    const replicas = await newReplicas();
    await replicas.startAll();
    const log = replicas.open('somebody');
    await untilWritten(log.entries);
    const remains = await Promise.all([0, 1, 2].map((index) => replicas.retire(index)));
    expect(remains.filter((each) => each === 'used').length).toBeGreaterThanOrEqual(2);
    await expect(readFile(join(folderOf(replicas, 0), 'nats.conf'))).rejects.toThrow('ENOENT');
  });
});

/** The first attempts may find no leader, and be carried out all the same. */
function untilWritten(entries: ReturnType<LogReplicas['open']>['entries']): Promise<string> {
  const write = async () => {
    const { type } = await entries.write('spec/current', '{}', 0);
    return type === 'unavailable' ? undefined : type;
  };
  return eventually(write, () => 'the log takes no entry');
}
