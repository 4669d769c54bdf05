import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AgentView } from '../../src/state/agent-view.ts';
import type { AgentProcess } from '../support/process-agent.ts';
import { refusal, runCommand } from '../support/process-command.ts';
import { openProcessRoom, type ProcessRoom } from '../support/process-room.ts';

let room: ProcessRoom;
let tokenFile: string;
let n1: AgentProcess;
let before: AgentView;

/** Paths of all files, relative to the folder. */
async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1));
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
}, 120_000);

afterAll(() => room.close());

describe('one flipped bit in what this node promised or is keeps its agent from starting:', () => {
  test.each([
    { file: 'identity', number: 2 },
    { file: 'formed', number: 3 },
    { file: 'genesis-1', number: 4 },
  ])(
    '$file',
    async ({ file, number }) => {
      const stateDir = join(room.folder, `damaged-${number}`);
      const names = (await filesIn(n1.stateDir)).filter((name) => !name.includes('/'));
      await Promise.all(names.map((name) => cp(join(n1.stateDir, name), join(stateDir, name))));
      await damage(join(stateDir, file));

      const sentence = `The state file ${file} is damaged and lies in ${stateDir}/quarantine: restore it from a backup, or empty ${stateDir} so that this machine enrols as a new node. [state.corrupted]`;
      const command = room.argv({ tokenFile, number, stateDir });
      expect(await runCommand(command)).toEqual(refusal(1, sentence));
      // Neither forgotten by the next start, nor taken for the first one.
      expect(await runCommand(command)).toEqual(refusal(1, sentence));
      const kept = names.filter((name) => name !== file);
      expect([...(await filesIn(stateDir))].sort()).toEqual([...kept, `quarantine/${file}`].sort());
    },
    60_000,
  );
});

describe('a node goes on as before with one flipped bit in each file', () => {
  test('of one replica, in its copy of the log, and in the term it obeyed, which is named', async () => {
    const files = await filesIn(n1.stateDir);
    const [replica] = [...files].filter((name) => name.startsWith('log/')).sort();
    const folder = (replica ?? '').split('/', 2).join('/');
    const copies = files.filter(
      (name) => name.startsWith(`${folder}/`) && !name.endsWith('/replica.key'),
    );
    for (const name of ['log-copy', 'obeyed-term', ...copies]) {
      await damage(join(n1.stateDir, name));
    }
    n1.start();
    const after = await n1.sees('the same cluster', ({ whole, phase }) => {
      return whole && phase === 'running';
    });
    const { clusterId, epoch, agent, decisions } = before;
    expect(after).toMatchObject({ clusterId, epoch, decisions });
    expect(after.agent.nodeId).toBe(agent.nodeId);

    const { conditions } = await n1.sees('a stalled controller', (view) => {
      return view.conditions.some(({ state }) => state === 'stalled');
    });
    expect(conditions.filter(({ state }) => state === 'stalled')).toEqual([
      {
        source: 'kubeadm',
        state: 'stalled',
        reason: 'state.corrupted',
        message: `The state file obeyed-term is damaged and lies in ${n1.stateDir}/quarantine: restore it from a backup, or empty ${n1.stateDir} so that this machine enrols as a new node.`,
        sinceWallMs: null,
      },
    ]);
  }, 120_000);
});
