import { cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { AgentView } from '../../src/state/agent-view.ts';
import type { AgentProcess } from '../support/process-agent.ts';
import { civitas, refusal, runCommand } from '../support/process-command.ts';
import { damage, filesIn } from '../support/process-files.ts';
import { eventually } from '../support/process-poll.ts';
import { openProcessRoom } from '../support/process-room.ts';

const room = await openProcessRoom();
const tokenFile = await room.token();
/** Begun here, so that the tests wait for both clusters of this file at one time. */
const founded = foundAndStop();

interface Founded {
  readonly n1: AgentProcess;
  /** How it was when it was whole. */
  readonly view: AgentView;
  /** A copy of what it keeps for itself, without its replicas of the log. */
  readonly kept: string;
  readonly keptFiles: readonly string[];
}

async function foundAndStop(): Promise<Founded> {
  const n1 = room.start({ tokenFile, number: 1 });
  const view = await n1.sees('the whole cluster', ({ whole }) => whole);
  await n1.stop();
  const kept = join(room.folder, 'kept');
  const keptFiles = (await filesIn(n1.stateDir)).filter((name) => !name.includes('/'));
  for (const name of keptFiles) await cp(join(n1.stateDir, name), join(kept, name));
  return { n1, view, kept, keptFiles };
}

afterAll(() => room.close(), 60_000);

describe('a cluster of one node', () => {
  test.concurrent('waits for its host with all that is missing named, and goes on once it is repaired', async () => {
    const host = {
      lacks: ['containerd'] as 'containerd'[],
      swapOn: true,
      kubernetesVersions: [] as string[],
    };
    const n2 = room.start({ tokenFile: await room.token(), number: 2, host });
    const waits =
      'swap is on on n2: run `swapoff -a` and mend /etc/fstab; containerd is not installed on n2: install the package containerd; kubeadm, kubelet and kubectl v1.34.4 are not on n2: install them';
    const { nodes } = await n2.sees('what its host lacks', ({ nodes: [node] }) => {
      return node?.waiting?.reason === 'host-not-ready';
    });
    expect(nodes[0]?.waiting?.message).toBe(waits);

    const { stdout } = await runCommand(civitas(['status', '--state-dir', n2.stateDir]));
    expect(stdout).toContain(`Waiting:\n  n2: ${waits} (`);

    Object.assign(host, { lacks: [], swapOn: false, kubernetesVersions: ['v1.34.4'] });
    const whole = await n2.sees('the whole cluster', (view) => view.whole);
    expect(whole.nodes[0]).toMatchObject({ phase: 'serving', ready: true, waiting: null });
  }, 120_000);

  test.concurrent('is not moved to another cluster by the token of that one', async () => {
    const { view, kept, keptFiles } = await founded;
    const stateDir = join(room.folder, 'moved');
    await cp(kept, stateDir, { recursive: true });
    const command = room.argv({ tokenFile: await room.token(), number: 6, stateDir });
    const sentence = `This machine belongs to cluster ${view.clusterId}, and the token is of another one: use that cluster's token, or give the machine away: run \`kubeadm reset\` and empty the state directory. [token.other-cluster]`;
    expect(await runCommand(command)).toEqual(refusal(2, sentence));
    expect(await filesIn(stateDir)).toEqual(keptFiles);
  }, 120_000);

  test.concurrent('goes on as before with one flipped bit in each file of a replica, in its copy of the log, and in the term it obeyed, which is named', async () => {
    const { n1, view } = await founded;
    const files = await filesIn(n1.stateDir);
    const replica = files
      .find((name) => name.startsWith('log/'))
      ?.split('/', 2)
      .join('/');
    const ofReplica = files.filter((name) => name.startsWith(`${replica}/`));
    for (const name of ['log-copy', 'obeyed-term', ...ofReplica]) {
      await damage(join(n1.stateDir, name));
    }
    n1.start();
    const quarantine = join(n1.stateDir, replica ?? '', 'quarantine');
    const setAside = () => readdir(quarantine).catch(() => undefined);
    expect(await eventually(setAside, () => n1.log())).toEqual(['store-1']);

    const isStalled = ({ state }: { readonly state: string }) => state === 'stalled';
    const after = await n1.sees('the same cluster', ({ whole, phase, conditions }) => {
      return whole && phase === 'running' && conditions.some(isStalled);
    });
    const { clusterId, epoch, decisions, agent } = view;
    expect(after).toMatchObject({ clusterId, epoch, decisions });
    expect(after.agent.nodeId).toBe(agent.nodeId);
    expect(after.conditions.filter(isStalled)).toEqual([
      {
        source: 'kubeadm',
        state: 'stalled',
        reason: 'state.corrupted',
        message: `The state file obeyed-term is damaged and lies in ${n1.stateDir}/quarantine: restore it from a backup, or run \`kubeadm reset\`, empty ${n1.stateDir} and start civitas under a new --hostname and machine id, as another node.`,
        sinceWallMs: null,
      },
    ]);
  }, 120_000);
});

describe('one flipped bit in what a node promised or is keeps its agent from starting:', () => {
  test.concurrent.each([
    { file: 'identity', number: 3 },
    { file: 'formed', number: 4 },
    { file: 'genesis-1', number: 5 },
  ])(
    '$file',
    async ({ file, number }) => {
      const { kept, keptFiles } = await founded;
      const stateDir = join(room.folder, file);
      await cp(kept, stateDir, { recursive: true });
      await damage(join(stateDir, file));
      const sentence = `The state file ${file} is damaged and lies in ${stateDir}/quarantine: restore it from a backup, or run \`kubeadm reset\`, empty ${stateDir} and start civitas under a new --hostname and machine id, as another node. [state.corrupted]`;
      const { exitCode, stderr } = refusal(1, sentence);
      const command = room.argv({ tokenFile, number, stateDir });
      expect(await runCommand(command)).toMatchObject({ exitCode, stderr });
      // Neither forgotten by the next start, nor taken for the first one.
      expect(await runCommand(command)).toMatchObject({ exitCode, stderr });
      const rest = keptFiles.filter((name) => name !== file);
      expect(await filesIn(stateDir)).toEqual([...rest, `quarantine/${file}`].sort());
    },
    120_000,
  );
});
