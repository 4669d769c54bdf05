import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { makeFullPipe } from '../support/process-full-pipe.ts';
import { openProcessRoom } from '../support/process-room.ts';

const room = await openProcessRoom();
/** Standard output and standard error of n1. */
const pipe = makeFullPipe(join(room.folder, 'n1.log'));

afterAll(async () => {
  await room.close();
  pipe.close();
}, 60_000);

describe('an agent whose log lines nobody reads', () => {
  test('founds its cluster, serves and ends when it is told to, as if they were read', async () => {
    const n1 = room.start({ tokenFile: await room.token(), number: 1 });
    const { nodes } = await n1.sees('the whole cluster', ({ whole }) => whole);
    expect(nodes).toMatchObject([{ hostname: 'n1', phase: 'serving', ready: true }]);
    process.kill(n1.pid(), 'SIGTERM');
    expect(await n1.ended()).toBe(0);
  }, 120_000);
});
