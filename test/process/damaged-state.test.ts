import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AgentView } from '../../src/state/agent-view.ts';
import type { AgentProcess } from '../support/process-agent.ts';
import { refusal, runCommand } from '../support/process-command.ts';
import { openProcessRoom, type ProcessRoom } from '../support/process-room.ts';

/** nats-server does not start without them; the agent says so, and somebody has to look. */
const STOPS_REPLICA = /\/replica\.key$|\/_meta_\/snapshots\//;

let room: ProcessRoom;
let tokenFile: string;
let n1: AgentProcess;
let before: AgentView;
/** What n1 keeps for itself, as it was when it stopped; without its replicas of the log. */
let kept: string;
let keptFiles: readonly string[];

/** Paths of all files, relative to the folder, in order. */
async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .sort();
}

/** Flips one bit in the middle of a file. */
async function damage(file: string): Promise<void> {
  const content = await readFile(file);
  const middle = content.length >> 1;
  content[middle] = (content[middle] ?? 0) ^ 0x20;
  await writeFile(file, content);
}

/** A cluster of one node, whole, and its agent stopped. */
beforeAll(async () => {
  room = await openProcessRoom();
  tokenFile = await room.token();
  n1 = room.start({ tokenFile, number: 1 });
  before = await n1.sees('the whole cluster', ({ whole }) => whole);
  await n1.stop();
  kept = join(room.folder, 'kept');
  keptFiles = (await filesIn(n1.stateDir)).filter((name) => !name.includes('/'));
  for (const name of keptFiles) await cp(join(n1.stateDir, name), join(kept, name));
}, 120_000);

afterAll(() => room.close(), 60_000);

describe('one flipped bit in what this node promised or is keeps its agent from starting:', () => {
  test.concurrent.each([
    { file: 'identity', number: 2 },
    { file: 'formed', number: 3 },
    { file: 'genesis-1', number: 4 },
  ])(
    '$file',
    async ({ file, number }) => {
      const stateDir = join(room.folder, file);
      await cp(kept, stateDir, { recursive: true });
      await damage(join(stateDir, file));
      const sentence = `The state file ${file} is damaged and lies in ${stateDir}/quarantine: restore it from a backup, or empty ${stateDir} so that this machine enrols as a new node. [state.corrupted]`;
      const { exitCode, stderr } = refusal(1, sentence);
      const command = room.argv({ tokenFile, number, stateDir });
      expect(await runCommand(command)).toMatchObject({ exitCode, stderr });
      // Neither forgotten by the next start, nor taken for the first one.
      expect(await runCommand(command)).toMatchObject({ exitCode, stderr });
      const rest = keptFiles.filter((name) => name !== file);
      expect(await filesIn(stateDir)).toEqual([...rest, `quarantine/${file}`].sort());
    },
    60_000,
  );
});

test.concurrent('a machine of one cluster is not moved by the token of another', async () => {
  const stateDir = join(room.folder, 'moved');
  await cp(kept, stateDir, { recursive: true });
  const command = room.argv({ tokenFile: await room.token(), number: 5, stateDir });
  const sentence = `This machine belongs to cluster ${before.clusterId}, and the token is of another one: use that cluster's token, or wipe the state directory. [token.other-cluster]`;
  expect(await runCommand(command)).toEqual(refusal(2, sentence));
  expect(await filesIn(stateDir)).toEqual(keptFiles);
}, 60_000);

test.concurrent('a node goes on as before with one flipped bit in each file of a replica, in its copy of the log, and in the term it obeyed, which is named', async () => {
  const files = await filesIn(n1.stateDir);
  const replica = files
    .find((name) => name.startsWith('log/'))
    ?.split('/', 2)
    .join('/');
  const copies = files.filter(
    (name) => name.startsWith(`${replica}/`) && !STOPS_REPLICA.test(name),
  );
  for (const name of ['log-copy', 'obeyed-term', ...copies]) await damage(join(n1.stateDir, name));
  n1.start();

  const isStalled = ({ state }: { readonly state: string }) => state === 'stalled';
  const after = await n1.sees('the same cluster', ({ whole, phase, conditions }) => {
    return whole && phase === 'running' && conditions.some(isStalled);
  });
  const { clusterId, epoch, decisions, agent } = before;
  expect(after).toMatchObject({ clusterId, epoch, decisions });
  expect(after.agent.nodeId).toBe(agent.nodeId);
  expect(after.conditions.filter(isStalled)).toEqual([
    {
      source: 'kubeadm',
      state: 'stalled',
      reason: 'state.corrupted',
      message: `The state file obeyed-term is damaged and lies in ${n1.stateDir}/quarantine: restore it from a backup, or empty ${n1.stateDir} so that this machine enrols as a new node.`,
      sinceWallMs: null,
    },
  ]);
}, 120_000);
