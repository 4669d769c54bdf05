import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { LogConnection } from '../../src/ports/log-connection.ts';
import { facts } from '../support/controllers-facts.ts';
import { createMovedLog, type MovedLog } from '../support/moved-log.ts';

jest.setTimeout(90_000);

const dead = facts(1, { liveness: { verdict: 'dead' } }).liveness;
/** Long enough for a server that is taken in to be seen. */
const KEPT_OUT_MS = 5_000;

let log: MovedLog;
let client: LogConnection;
let written = 0;

beforeAll(async () => {
  log = await createMovedLog();
  await log.first.startAll();
  client = log.open('writer');
  await write(20);
}, 90_000);
afterAll(() => log.destroy());

/** Writes on until so many more entries were confirmed. */
async function write(count: number): Promise<void> {
  const until = written + count;
  while (written < until) {
    const answer = await client.entries.write(`node.k${written}`, `value ${written}`, 0);
    // A conflict: an earlier attempt was not confirmed, and came through.
    if (answer.type === 'unavailable') await delay(100);
    else written += 1;
  }
}

/** How many of the confirmed entries the log still has. */
async function kept(): Promise<number> {
  let found = 0;
  for (let index = 0; index < written; ) {
    const answer = await client.entries.read(`node.k${index}`);
    if (answer.type === 'unavailable') await delay(100);
    else {
      if (answer.record?.text === `value ${index}`) found += 1;
      index += 1;
    }
  }
  return found;
}

async function members(): Promise<readonly (readonly string[])[]> {
  const groups = await log.groups();
  const all = groups ? [groups.meta, ...groups.buckets] : [];
  return all.map((group) =>
    group.members
      .filter(({ current }) => current)
      .map(({ serverName }) => serverName)
      .sort(),
  );
}

/** A verdict comes much later than that. */
async function untilSilent(serverName: string): Promise<void> {
  for (;;) {
    const groups = await log.groups();
    const found = groups?.meta.members.find((each) => each.serverName === serverName);
    if (found && !found.answers) return;
    await delay(200);
  }
}

function inEachGroup(names: readonly string[]) {
  return [names, names, names];
}

describe('a log of real servers whose replicas die one after the other', () => {
  test('goes on with another one in the place of each, and loses no confirmed write', async () => {
    await log.first.kill(0);
    log.say(1, { liveness: dead });
    await untilSilent('aaaaaaaaaaa-1');
    expect(await log.settle()).toEqual(['write', 'remove', 'write']);
    const second = ['bbbbbbbbbbb-1', 'ccccccccccc-1', 'ddddddddddd-1000001'];
    expect(await members()).toEqual(inEachGroup(second));
    await write(20);

    await log.first.kill(1);
    log.say(2, { liveness: dead });
    await untilSilent('bbbbbbbbbbb-1');
    expect(await log.settle()).toEqual(['write', 'remove', 'write']);
    const third = ['ccccccccccc-1', 'ddddddddddd-1000001', 'eeeeeeeeeee-1000003'];
    expect(await members()).toEqual(inEachGroup(third));
    client.follow(log.replicas().replicas);
    await write(20);
    expect(await kept()).toBe(written);
  });

  test('keeps out a server that comes back under its old name', async () => {
    await log.first.begin(0);
    await delay(KEPT_OUT_MS);
    const third = ['ccccccccccc-1', 'ddddddddddd-1000001', 'eeeeeeeeeee-1000003'];
    expect(await members()).toEqual(inEachGroup(third));
    await write(20);
    expect(await kept()).toBe(written);
    await log.first.kill(0);
  });

  test('is seen as a whole also by who does not know the server that leads it', async () => {
    const { meta } = (await log.groups()) ?? {};
    const leader = meta?.leader ?? '';
    expect((await log.groupsWithout(leader))?.meta.leader).toBe(leader);
  });

  test('moves the buckets off a living server before that is removed', async () => {
    log.say(1, { liveness: facts(1).liveness });
    log.say(3, { leaving: true });
    const actions = await log.settle();
    expect(actions.filter((type) => type !== 'lead')).toEqual([
      'write',
      'evacuate',
      'remove',
      'write',
    ]);
    client.follow(log.replicas().replicas);
    const fourth = ['aaaaaaaaaaa-1000005', 'ddddddddddd-1000001', 'eeeeeeeeeee-1000003'];
    expect(await members()).toEqual(inEachGroup(fourth));
    await write(20);
    expect(await kept()).toBe(written);
  });

  test('that was cut off from power as a whole comes back in its new places', async () => {
    await Promise.all(['aaaaaaaaaaa', 'ddddddddddd', 'eeeeeeeeeee'].map(log.killMoved));
    await log.restartMoved();
    expect(await kept()).toBe(written);
    await write(5);
  });
});
