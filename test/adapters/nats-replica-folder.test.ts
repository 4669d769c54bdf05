import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createHostFileSystem } from '../../src/adapters/host-file-system.ts';
import { readReplicaFolder, writeReplicaFolder } from '../../src/adapters/nats-replica-folder.ts';
import { genesisRecord, JOIN_KEY } from '../support/genesis-record.ts';
import { temporaryFolders } from './temporary-folder.ts';

const newFolder = temporaryFolders();
const files = createHostFileSystem('/');
const record = genesisRecord();

async function writtenFolder() {
  const [replica] = record.replicas;
  if (!replica) throw new Error('the record has three replicas');
  const root = await newFolder();
  const write = () => writeReplicaFolder({ files, joinKey: JOIN_KEY, root }, replica, record);
  await write();
  return { root, replica, write, folder: join(root, replica.serverName) };
}

async function isPair(folder: string): Promise<boolean> {
  const certificate = new X509Certificate(await readFile(join(folder, 'replica.pem')));
  const key = createPrivateKey(await readFile(join(folder, 'replica.key')));
  return certificate.checkPrivateKey(key);
}

test.each(['replica.key', 'replica.pem', 'ca.pem', 'nats.conf'])(
  'a damaged byte of %s is seen at the next start, and the file is made anew',
  async (name) => {
    const { folder, write } = await writtenFolder();
    const file = join(folder, name);
    const content = await readFile(file);
    const harmless: number[] = [];
    for (let at = 0; at < content.length; at += Math.ceil(content.length / 60)) {
      const damaged = Buffer.from(await readFile(file));
      damaged[at] = (damaged[at] ?? 0) ^ 0x08;
      await writeFile(file, damaged);
      if (!(await write())) harmless.push(at);
      expect(await isPair(folder)).toBe(true);
    }
    expect(harmless).toEqual([]);
  },
);

test('a key that belongs to another certificate is made anew, with its certificate', async () => {
  const [one, other] = [await writtenFolder(), await writtenFolder()];
  await writeFile(
    join(one.folder, 'replica.key'),
    await readFile(join(other.folder, 'replica.key')),
  );
  expect(await one.write()).toBe(true);
  expect(await isPair(one.folder)).toBe(true);
  expect(await one.write()).toBe(false);
});

test('a folder tells the replica it is of, unless that is damaged', async () => {
  const { root, replica, folder } = await writtenFolder();
  expect(await readReplicaFolder(files, root, replica.serverName)).toEqual([replica, record]);
  await writeFile(join(folder, 'genesis-record'), '{"version":1,');
  expect(await readReplicaFolder(files, root, replica.serverName)).toBeUndefined();
  expect(await readReplicaFolder(files, root, 'zzzzzzzzzzz-1')).toBeUndefined();
});
