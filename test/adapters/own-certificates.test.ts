import { X509Certificate } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { enrolmentAuthority, issueLeaf } from '../../src/adapters/certificates.ts';
import { createHostFileSystem } from '../../src/adapters/host-file-system.ts';
import { validityOf } from '../../src/adapters/leaf-validity.ts';
import { logCredentials } from '../../src/adapters/nats-credentials.ts';
import { writeReplicaFolder } from '../../src/adapters/nats-replica-folder.ts';
import { peerTls } from '../../src/adapters/peer-tls.ts';
import { isLate } from '../../src/state/leaf-life.ts';
import { genesisRecord, JOIN_KEY } from '../support/genesis-record.ts';
import { temporaryFolders } from './temporary-folder.ts';

const newFolder = temporaryFolders();
const record = genesisRecord();
const [replica] = record.replicas;
const nodeId = 'abcdefghij2';
const DAY_MS = 86_400_000;

async function replicaOnDisk() {
  const root = await newFolder();
  if (!replica) throw new Error('the record has three replicas');
  const files = createHostFileSystem('/');
  const write = () => writeReplicaFolder({ files, joinKey: JOIN_KEY, root }, replica, record);
  await write();
  return { folder: join(root, replica.serverName), write };
}

async function leafOf(folder: string): Promise<string> {
  return readFile(join(folder, 'replica.pem'), 'utf8');
}

const HOLDERS: readonly [string, () => Promise<string>][] = [
  ['peers', async () => String(peerTls(JOIN_KEY, nodeId).cert)],
  [
    'the log, as its client',
    async () => logCredentials(JOIN_KEY, record, nodeId, 'client').certificatePem,
  ],
  ['the log, as its replica', async () => leafOf((await replicaOnDisk()).folder)],
];

describe('what a node shows of its own', () => {
  test.each(HOLDERS)(
    'to %s is not due to be renewed by any clock before the next century',
    async (_, make) => {
      const validity = validityOf(new X509Certificate(await make()));
      const years = [1971, 2026, 2038, 2099].map((year) => Date.UTC(year, 0, 1));
      expect(years.filter((wallMs) => isLate(validity, wallMs))).toEqual([]);
    },
  );

  test('to the log is made anew at the next start where it would end before its authority', async () => {
    const { folder, write } = await replicaOnDisk();
    const whole = validityOf(new X509Certificate(await leafOf(folder)));
    const { certificatePem, keyPem } = issueLeaf(enrolmentAuthority(JOIN_KEY, record.clusterId), {
      nodeId: replica?.nodeId ?? '',
      addresses: [replica?.address ?? ''],
      notBeforeMs: 0,
      notAfterMs: Math.floor(Date.now() / 1_000) * 1_000 + DAY_MS,
    });
    await writeFile(join(folder, 'replica.pem'), certificatePem);
    await writeFile(join(folder, 'replica.key'), keyPem);
    expect([await write(), await write()]).toEqual([true, false]);
    expect(validityOf(new X509Certificate(await leafOf(folder)))).toEqual(whole);
  });
});
