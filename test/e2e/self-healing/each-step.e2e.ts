import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { boot, kill } from '../../../lab/machine.ts';
import { writeWords } from '../support/agent-words.ts';
import { formedCluster } from '../support/formed-cluster.ts';
import { type Kill, killAtSteps, type Step } from '../support/kill-at-steps.ts';
import { emptyRoom, kubeadmStarts } from '../support/machines.ts';
import { repeatedOperations } from '../support/repeated-operations.ts';
import { firstOf, machinesIn, wholeAfter } from '../support/until-whole.ts';

const machines = ['n1', 'n2', 'n3', 'n4', 'n5'];
const MOST_ROUNDS = 4;
const REPLACED_WITHIN_MS = 480_000;

/** What the leader does before all. */
const LEADER_FIRST: readonly Step[] = [begins('roles', 'assign', 'began to depose the lost one')];

/** What the control plane does that sees the dead one out and hands the keys to its heir, whom the leader names. */
const SPONSOR: readonly Step[] = [
  begins('departure', 'report', 'told that it sees to the departure'),
  begins('departure', 'save-snapshot', 'began to save a snapshot'),
  begins('departure', 'remove-member', 'began to remove the member'),
  begins('departure', 'declare-out-of-service', 'began to declare it out of service'),
  begins('departure', 'delete-node', 'began to delete the Node'),
  { ...begins('departure', 'report', 'told that it departed'), after: 'began to delete the Node' },
  { ...begins('roles', 'assign', 'began to name the heir'), after: 'told that it departed' },
  begins('handover', 'hand-over', 'began to hand the keys over'),
];

/** What the worker does that takes its place. */
const HEIR: readonly Step[] = [
  { ...begins('kubeadm', 'record', 'wrote the promotion down'), after: 'told that it departed' },
  begins('kubeadm', 'write-files', 'began to write keys and configuration'),
  {
    ...begins('kubeadm', 'start-command', 'was about to start a phase of kubeadm'),
    after: 'began to write keys and configuration',
  },
  ...[1, 2, 3, 4, 5].map((phase) => ({
    name: `began phase ${phase} of kubeadm`,
    begins: new RegExp(`Starting civitas-op-phase${phase}-1-promote`),
  })),
  {
    ...begins('kubeadm', 'record', 'told that all phases ended'),
    after: 'began phase 5 of kubeadm',
  },
  {
    ...begins('kubeadm', 'report', 'told that it serves'),
    after: 'told that all phases ended',
  },
];

/** What the sponsor does in the end. */
const SPONSOR_LAST: readonly Step[] = [
  begins('handover', 'delete-token', 'began to delete the token'),
  begins('handover', 'remove-entry', 'began to remove what it had handed over'),
];

const COURSE = [...LEADER_FIRST, ...SPONSOR, ...HEIR, ...SPONSOR_LAST];

describe('an agent that dies at each step of a promotion', () => {
  const kills: Kill[] = [];
  const missed = () => {
    const hit = kills.map(({ step }) => step);
    return COURSE.map(({ name }) => name).filter((name) => !hit.includes(name));
  };

  beforeAll(async () => {
    await formedCluster({ nodes: 5, controlPlanes: 3, kubernetes: '1.34.4' });
    await Promise.all(machines.map(writeWords));
    await wholeAfter('agents started anew', { machines, controlPlanes: 3 });
  }, 600_000);
  afterAll(emptyRoom, 120_000);

  test('goes on with it, and nothing is done twice or left over', async () => {
    // Two steps may follow each other faster than an agent is killed: that one dies in the next round.
    for (let round = 1; round <= MOST_ROUNDS && missed().length > 0; round++) {
      const lost = firstOf(await machinesIn('control plane', machines));
      kills.push(...(await replacedUnderKills(lost, missed())));
      await boot([lost]);
      await wholeAfter(`boot of ${lost}`, { machines, controlPlanes: 3 });
      expect(await machinesIn('worker', machines)).toContain(lost);
    }
    expect(missed()).toEqual([]);
    const inits = await Promise.all(machines.map((machine) => kubeadmStarts(machine, 'init')));
    expect(inits.reduce((sum, count) => sum + count, 0)).toBe(1);
    const repeated = await Promise.all(machines.map(repeatedOperations));
    expect(repeated.flat()).toEqual([]);
  }, 1_300_000);
});

/** Cuts the power of a control plane, and kills agents at each of these steps until the cluster is whole. */
async function replacedUnderKills(
  lost: string,
  steps: readonly string[],
): Promise<readonly Kill[]> {
  const left = machines.filter((name) => name !== lost);
  const killer = await killAtSteps(left, COURSE, steps);
  const startedWallMs = Date.now();
  try {
    await kill([lost]);
    const what = `power cut of ${lost}, agents killed at each step`;
    await wholeAfter(what, { machines: left, controlPlanes: 3 }, REPLACED_WITHIN_MS);
  } finally {
    await killer.stop();
    printKills(killer.kills(), startedWallMs);
  }
  await wholeAfter('the last kill', { machines: left, controlPlanes: 3 });
  return killer.kills();
}

function begins(controller: string, action: string, name: string): Step {
  const told = `"event":"action.started","controller":"${controller}","action":"${action}"`;
  return { name, begins: new RegExp(told) };
}

function printKills(kills: readonly Kill[], sinceWallMs: number): void {
  for (const { step, machine, begunWallMs, killedWallMs } of kills) {
    const seconds = ((begunWallMs - sinceWallMs) / 1_000).toFixed(1).padStart(7);
    const late = (killedWallMs - begunWallMs).toFixed(0);
    process.stdout.write(`${seconds} s  SIGKILL to ${machine}, ${late} ms after it ${step}\n`);
  }
}
