import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { refusal, runCommand } from '../support/process-command.ts';
import { openProcessRoom, type ProcessRoom } from '../support/process-room.ts';
import { mountSmallDisk, type SmallDisk } from '../support/process-small-disk.ts';

let room: ProcessRoom;
let disk: SmallDisk | undefined;
const isRoot = process.getuid?.() === 0;

/** Says so where it can not be tried: a test may not fill a disk that others need. */
const withDisk = (title: string, run: (disk: SmallDisk) => Promise<void>): void => {
  (isRoot ? test : test.skip)(
    `${title} (tried only as root, who may mount a tmpfs)`,
    async () => {
      if (disk) await run(disk);
      else process.stdout.write(`not tried, as no tmpfs can be mounted here: ${title}\n`);
    },
    60_000,
  );
};

beforeAll(async () => {
  room = await openProcessRoom();
  if (isRoot) disk = await mountSmallDisk();
}, 60_000);

afterAll(async () => {
  await room.close();
  await disk?.remove();
});

withDisk('an agent that can not keep its state does not start', async ({ folder, fill, free }) => {
  const stateDir = join(folder, 'first');
  await fill();
  const command = room.argv({ tokenFile: await room.token(), number: 1, stateDir });
  const sentence = `The disk that holds ${stateDir} is full: free some space. [state.disk-full]`;
  expect(await runCommand(command)).toEqual(refusal(1, sentence));
  expect(await readdir(stateDir)).toEqual(['lock']);
  await free();
});

withDisk('a disk that fills up founds nothing, and is named until there is room', async (small) => {
  const tokenFile = await room.token({ nodes: '2' });
  const stateDir = join(small.folder, 'second');
  const n2 = room.start({ tokenFile, number: 2, stateDir });
  await n2.sees('itself', ({ phase }) => phase === 'forming');
  await small.fill();
  const n3 = room.start({ tokenFile, number: 3 });
  const message = `The disk that holds ${join(stateDir, 'genesis-1')} is full: free some space.`;
  const { conditions } = await n2.sees('its full disk', ({ summary }) => summary === message);
  expect(conditions).toContainEqual({
    source: 'disk',
    state: 'failing',
    reason: 'state.disk-full',
    message,
    sinceWallMs: null,
  });
  expect((await n3.view())?.clusterId).toBeNull();

  await small.free();
  const formed = await n2.sees('one cluster', ({ clusterId }) => clusterId !== null);
  expect(formed.conditions.filter(({ source }) => source === 'disk')).toEqual([]);
  await n3.sees('the same', ({ clusterId }) => clusterId === formed.clusterId);
});
