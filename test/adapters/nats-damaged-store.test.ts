import { readdir, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { createLogReplicas, type LogReplicas } from '../support/log-replicas.ts';
import { damage, filesIn } from '../support/process-files.ts';

jest.setTimeout(60_000);

const KEYS = Array.from({ length: 40 }, (_, index) => `node.k${index}`);
const VALUES = KEYS.map((key) => `value of ${key}`);
const VICTIM = 1;

let log: LogReplicas;
let folder: string;

/** Three replicas that hold 40 entries. Each test damages the second one, and leaves it whole. */
beforeAll(async () => {
  log = await createLogReplicas();
  folder = log.folderOf(VICTIM);
  await log.startAll();
  const { entries } = log.open('writer');
  for (const key of KEYS) await insist(() => entries.write(key, `value of ${key}`, 0));
}, 60_000);
afterAll(() => log.destroy());

/** Ends the replica, damages what it keeps under these names, and starts it again. */
async function startDamaged(
  files: RegExp,
  harm: (file: string) => Promise<void> = damage,
  how: 'kill' | 'stop' = 'stop',
): Promise<void> {
  await log[how](VICTIM);
  const store = join(folder, 'store');
  const names = (await filesIn(store)).filter((name) => files.test(name));
  expect(names).not.toEqual([]);
  for (const name of names) await harm(join(store, name));
  await log.begin(VICTIM);
}

/** Until the log answers: it may have to elect a leader. */
async function insist(work: () => Promise<{ readonly type: string }>): Promise<void> {
  while ((await work()).type === 'unavailable') await delay(100);
}

/** All entries as the replica has them, which is made to lead the log for that. */
async function entriesOfVictim(): Promise<readonly (string | null | undefined)[]> {
  await log.becomesLeader(VICTIM, 'log');
  const { entries } = log.open('reader');
  const texts: (string | null | undefined)[] = [];
  for (const key of KEYS) {
    await insist(async () => {
      const answer = await entries.read(key);
      if (answer.type === 'read') texts.push(answer.record?.text);
      return answer;
    });
  }
  return texts;
}

async function storesSetAside(): Promise<number> {
  return (await readdir(join(folder, 'quarantine')).catch(() => [])).length;
}

describe('a replica with a damaged store, while the other two hold all of the log,', () => {
  test.each([
    { what: 'the snapshot of the meta group', files: /_meta_\/snapshots\/[^/]+$/ },
    { what: 'the snapshots of the buckets', files: /S-R3F-[^/]+\/snapshots\/[^/]+$/ },
  ])('sets it aside and fills another one: $what', async ({ files }) => {
    const before = await storesSetAside();
    await startDamaged(files);
    expect(await entriesOfVictim()).toEqual(VALUES);
    expect(await storesSetAside()).toBe(before + 1);
    expect(await log.problems()).toEqual([]);
  });

  test.each([
    { how: 'stop' as const, damaged: 'one bit in the middle', harm: damage },
    { how: 'stop' as const, damaged: 'the second half', harm: halve },
    { how: 'kill' as const, damaged: 'one bit in the middle', harm: damage },
  ])('has every message again after a $how: $damaged of its messages', async ({ how, harm }) => {
    const before = await storesSetAside();
    await startDamaged(/\/streams\/KV_log\/msgs\/\d+\.blk$/, harm, how);
    expect(await entriesOfVictim()).toEqual(VALUES);
    // The server mends this by itself, as it has no index to trust.
    expect(await storesSetAside()).toBe(before);
  });

  test('keeps it as long as one of them is away, and says what helps', async () => {
    const before = await storesSetAside();
    await log.stop(2);
    await startDamaged(/_meta_\/snapshots\/[^/]+$/);
    while ((await log.problems()).length === 0) await delay(50);
    expect(await log.problems()).toEqual([
      {
        reason: 'log.replica-damaged',
        message:
          "The store of the replica bbbbbbbbbbb-1 is damaged (Can't start JetStream: raft: snapshot corrupt): bring back the other two replicas, and it is made anew from these.",
      },
    ]);
    expect(await storesSetAside()).toBe(before);

    await log.begin(2);
    expect(await entriesOfVictim()).toEqual(VALUES);
    expect(await storesSetAside()).toBe(before + 1);
  });
});

async function halve(file: string): Promise<void> {
  await truncate(file, (await stat(file)).size >> 1);
}
