import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { AgentProcess } from '../support/process-agent.ts';
import { refusal, runCommand } from '../support/process-command.ts';
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

afterAll(() => room.close());

test('a second agent on one state directory is refused, and the first goes on', async () => {
  const outcome = await runCommand(room.argv({ tokenFile, number: 2, stateDir: n1.stateDir }));
  const sentence = `Another agent (process ${n1.pid()}) uses the state directory ${n1.stateDir}: stop it first, or give this one a directory of its own. [state.locked]`;
  expect(outcome).toEqual(refusal(1, sentence));
  await n1.sees('itself', ({ phase }) => phase === 'forming');
}, 60_000);

test('an agent whose port is taken is refused, and whoever has it goes on', async () => {
  const stateDir = join(room.folder, 'other');
  const outcome = await runCommand(room.argv({ tokenFile, number: 1, stateDir }));
  const sentence = `Port 7946 of ${room.address(1)} is taken by another program: stop it, or choose another with --port. [peer.port-taken]`;
  expect(outcome).toEqual(refusal(1, sentence));
  await n1.sees('itself', ({ phase }) => phase === 'forming');
}, 60_000);

test('a port of the log that is taken is named before there is a cluster', async () => {
  const other = createServer().listen(7953, room.address(3));
  try {
    const sentence = `Port 7953 of ${room.address(3)}, which the log needs, is taken by another program: stop it, or choose six other ports with --log-port-base. [log.port-taken]`;
    expect(await runCommand(room.argv({ tokenFile, number: 3 }))).toEqual(refusal(1, sentence));
  } finally {
    other.close();
  }
}, 60_000);

test('a peer that no name server knows is named in status', async () => {
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
