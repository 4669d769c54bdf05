import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { AgentProcess } from '../support/process-agent.ts';
import { runCommand } from '../support/process-command.ts';
import { openProcessRoom, type ProcessRoom } from '../support/process-room.ts';

const FLOOD = join(import.meta.dirname, '..', 'support', 'process-mdns-flood.ts');
const PACKETS_PER_SECOND = 10_000;
const SECONDS = 3;
const MORE_MIB = 20;

/** A loopback of its own, so that the flood reaches nobody else's agents on this machine. */
const OWN_NETWORK = ['unshare', '--user', '--map-root-user', '--net', '--'];
const WITH_LOOPBACK = [...OWN_NETWORK, 'sh', '-c', 'ip link set lo up && exec "$@"', '--'] as const;

let room: ProcessRoom;
let agent: AgentProcess;
let isApart: boolean;

beforeAll(async () => {
  room = await openProcessRoom();
  const [unshare, ...rest] = WITH_LOOPBACK;
  const tried = await runCommand([unshare, ...rest, 'true']).catch(() => undefined);
  isApart = tried?.exitCode === 0;
  agent = room.start({
    tokenFile: await room.token({ nodes: '3' }),
    number: 1,
    ...(isApart && { within: WITH_LOOPBACK }),
  });
  await agent.sees('what it waits for', ({ discovery: [mdns] }) => mdns?.state === 'ok');
}, 60_000);

afterAll(() => room.close(), 60_000);

/** Its answer times while a promise is pending, in milliseconds. */
async function answerTimesMs(during: Promise<unknown>): Promise<readonly number[]> {
  const times: number[] = [];
  let isOver = false;
  const over = during.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    const askedMs = performance.now();
    await agent.sees('anything', () => true);
    times.push(performance.now() - askedMs);
  }
  await over;
  return times;
}

test('an agent answers and keeps its size under 10,000 malformed or forged mDNS packets a second', async () => {
  const before = await agent.rssMiB();
  const within = isApart
    ? ['nsenter', '--target', `${agent.pid()}`, '--user', '--net', '--preserve-credentials', '--']
    : ['env'];
  const [first = '', ...words] = within;
  const flood = [process.execPath, FLOOD, `${PACKETS_PER_SECOND}`, `${SECONDS}`];
  const flooding = runCommand([first, ...words, ...flood]);
  const times = await answerTimesMs(flooding);
  const { stdout, stderr } = await flooding;
  expect({ sent: Number(stdout), stderr }).toEqual({
    sent: PACKETS_PER_SECOND * SECONDS,
    stderr: '',
  });
  expect(Math.max(...times)).toBeLessThan(2_000);
  expect((await agent.rssMiB()) - before).toBeLessThan(MORE_MIB);

  const { summary, discovery, peers } = await agent.sees('anything', () => true);
  expect({ peers, state: discovery[0]?.state }).toEqual({ peers: [], state: 'ok' });
  expect(summary).toContain('1 is here, 2 are needed');
}, 60_000);
