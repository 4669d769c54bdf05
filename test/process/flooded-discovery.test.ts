import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { AgentProcess } from '../support/process-agent.ts';
import { runCommand } from '../support/process-command.ts';
import { type OwnLoopback, ownLoopback } from '../support/process-own-loopback.ts';
import { openProcessRoom, type ProcessRoom } from '../support/process-room.ts';

const FLOOD = fileURLToPath(new URL('../support/process-mdns-flood.ts', import.meta.url));
const PACKETS_PER_SECOND = 10_000;
const SECONDS = 3;
const MORE_MIB = 20;
const ASK_EVERY_MS = 50;

let room: ProcessRoom;
let loopback: OwnLoopback;
let agent: AgentProcess;

beforeAll(async () => {
  room = await openProcessRoom();
  loopback = await ownLoopback();
  const tokenFile = await room.token({ nodes: '3' });
  agent = room.start({ tokenFile, number: 1, within: loopback.within });
  await agent.sees('what it waits for', ({ discovery: [mdns] }) => mdns?.state === 'ok');
}, 60_000);

afterAll(() => room.close(), 60_000);

/** How long the agent took to answer, in milliseconds, again and again until `end`. */
async function answerTimesMs(end: Promise<unknown>): Promise<readonly number[]> {
  const times: number[] = [];
  let isOver = false;
  const over = end.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    const askedMs = performance.now();
    await agent.sees('anything', () => true);
    times.push(performance.now() - askedMs);
    await Promise.race([over, delay(ASK_EVERY_MS)]);
  }
  return times;
}

test('an agent answers and keeps its size under 10,000 malformed or forged mDNS packets a second', async () => {
  const before = await agent.rssMiB();
  const [program, ...words] = [
    ...loopback.beside(agent.pid()),
    ...[process.execPath, FLOOD, `${PACKETS_PER_SECOND}`, `${SECONDS}`],
  ];
  const flooding = runCommand([program ?? '', ...words]);
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
