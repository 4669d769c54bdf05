import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { AgentProcess } from '../support/process-agent.ts';
import { type Outcome, refusal, runCommand } from '../support/process-command.ts';
import { eventually } from '../support/process-poll.ts';
import { openProcessRoom, type ProcessRoom } from '../support/process-room.ts';

let room: ProcessRoom;
let tokenFile: string;
let n1: AgentProcess;

beforeAll(async () => {
  room = await openProcessRoom();
  tokenFile = await room.token({ nodes: '3' });
  n1 = room.start({ tokenFile, number: 1 });
  await n1.sees('itself', () => true);
}, 60_000);

afterAll(() => room.close(), 60_000);

/** Starts one agent more, at the number of a machine, and waits until it has given up. */
function intruder(number: number, stateDir: string): Promise<Outcome> {
  return runCommand(room.argv({ tokenFile, number, stateDir }));
}

test.concurrent('a second agent on one state directory is refused, and the first goes on', async () => {
  const sentence = `Another agent (process ${n1.pid()}) uses the state directory ${n1.stateDir}: stop it first, or give this one a directory of its own. [state.locked]`;
  expect(await intruder(2, n1.stateDir)).toEqual(refusal(1, sentence));
  await n1.sees('itself', ({ phase }) => phase === 'forming');
}, 60_000);

test.concurrent('an agent whose port is taken is refused, and whoever has it goes on', async () => {
  const sentence = `Port 7946 of ${room.address(1)} is taken by another program: stop it, or choose another with --port. [peer.port-taken]`;
  expect(await intruder(1, join(room.folder, 'other'))).toEqual(refusal(1, sentence));
  await n1.sees('itself', ({ phase }) => phase === 'forming');
}, 60_000);

test.concurrent('a port of the log that is taken is named before there is a cluster', async () => {
  const address = room.address(3);
  const other = createServer().listen(7953, address);
  try {
    const sentence = `Port 7953 of ${address}, which the log needs, is taken by another program: stop it, or choose six other ports with --log-port-base. [log.port-taken]`;
    expect(await intruder(3, join(room.folder, 'n3'))).toEqual(refusal(1, sentence));
  } finally {
    other.close();
  }
}, 60_000);

test.concurrent('a port of the log that is taken later is named with who has it, and holds back no other replica', async () => {
  const n5 = room.start({ tokenFile: await room.token(), number: 5 });
  await n5.sees('the log', ({ phase }) => phase === 'running');
  await n5.stop();
  const address = room.address(5);
  const other = createServer().listen(7950, address);
  try {
    n5.start();
    await n5.sees('the log by two replicas', ({ phase }) => phase === 'running');
    const sentence = new RegExp(
      `Port 7950 of ${address}, which the replica \\S+-1 of the log needs, is taken by \\S.* \\(process ${process.pid}\\): stop that program\\.`,
    );
    await eventually(
      async () => sentence.exec(await n5.log()) ?? undefined,
      () => n5.log(),
    );
  } finally {
    other.close();
  }
}, 90_000);

test.concurrent('a peer that no name server knows is named in status', async () => {
  const n4 = room.start({ tokenFile, number: 4, options: ['--peer', 'nonsense.invalid'] });
  const view = await n4.sees('that nobody knows the name', ({ discovery }) => {
    return discovery.some(({ name, state }) => name === 'static' && state === 'failed');
  });
  expect(view.discovery).toContainEqual({
    name: 'static',
    state: 'failed',
    message: 'No address is known for nonsense.invalid: check the name and the resolver.',
  });
}, 60_000);
