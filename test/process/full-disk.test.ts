import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { refusal, runCommand } from '../support/process-command.ts';
import { openProcessRoom, type ProcessRoom } from '../support/process-room.ts';
import { mountSmallDisk, type SmallDisk } from '../support/process-small-disk.ts';

let room: ProcessRoom;
const disks: SmallDisk[] = [];

beforeAll(async () => {
  room = await openProcessRoom();
}, 60_000);

afterAll(async () => {
  await room.close();
  await Promise.all(disks.map((disk) => disk.remove()));
}, 60_000);

/** A test may not fill a disk that others need, so it needs one of its own. */
const asRoot = process.getuid?.() === 0 ? test.concurrent : test.skip;

describe('a full disk (tried only as root, who may mount a tmpfs)', () => {
  async function smallDisk(): Promise<SmallDisk | undefined> {
    const disk = await mountSmallDisk();
    if (disk) disks.push(disk);
    else process.stdout.write('not tried, as no tmpfs can be mounted here: a full disk\n');
    return disk;
  }

  asRoot(
    'keeps an agent from starting, with nothing half-written',
    async () => {
      const disk = await smallDisk();
      if (!disk) return;
      const stateDir = join(disk.folder, 'state');
      await disk.fill();
      const command = room.argv({ tokenFile: await room.token(), number: 2, stateDir });
      const sentence = `The disk that holds ${stateDir} is full: free some space. [state.disk-full]`;
      expect(await runCommand(command)).toEqual(refusal(1, sentence));
      expect(await readdir(stateDir)).toEqual(['lock']);
    },
    60_000,
  );

  asRoot(
    'founds nothing, and is named until there is room',
    async () => {
      const disk = await smallDisk();
      if (!disk) return;
      const tokenFile = await room.token({ nodes: '2' });
      const stateDir = join(disk.folder, 'state');
      const n3 = room.start({ tokenFile, number: 3, stateDir });
      await n3.sees('itself', ({ phase }) => phase === 'forming');
      await disk.fill();
      const n4 = room.start({ tokenFile, number: 4 });
      const message = `The disk that holds ${join(stateDir, 'genesis-1')} is full: free some space.`;
      const { conditions } = await n3.sees('its full disk', ({ summary }) => summary === message);
      expect(conditions).toEqual([
        { source: 'disk', state: 'failing', reason: 'state.disk-full', message, sinceWallMs: null },
      ]);
      expect(await n4.sees('itself', () => true)).toMatchObject({ clusterId: null });

      await disk.free();
      const formed = await n3.sees('one cluster', ({ clusterId }) => clusterId !== null);
      expect(formed.conditions.filter(({ source }) => source === 'disk')).toEqual([]);
      await n4.sees('the same', ({ clusterId }) => clusterId === formed.clusterId);
    },
    60_000,
  );
});
